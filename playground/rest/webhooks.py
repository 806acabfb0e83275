"""Routes for the answers to interactions; the token in the path is what authorises them."""

from playground.errors import ApiError
from playground.interactions import Interactions
from playground.rates import WEBHOOK, WEBHOOK_EDIT, WEBHOOK_READ
from playground.rest.route import Answer, Call, Route
from playground.world import World

_WEBHOOK = "/webhooks/{application_id}/{token}"
_MESSAGE = _WEBHOOK + "/messages/{message_id}"


class WebhookRoutes:
    """Callbacks, follow-ups, and changes of both."""

    def __init__(self, world: World, interactions: Interactions) -> None:
        self._world = world
        self._interactions = interactions

    def table(self) -> list[Route]:
        """Return the routes."""
        callback = "/interactions/{interaction_id}/{token}/callback"
        return [
            # The first answer has no limit of its own.
            Route("POST", callback, self._callback, None, by_token=True),
            Route("POST", _WEBHOOK, self._follow_up, WEBHOOK, "token", by_token=True),
            Route("GET", _MESSAGE, self._get, WEBHOOK_READ, "token", by_token=True),
            Route("PATCH", _MESSAGE, self._edit, WEBHOOK_EDIT, "token", by_token=True),
            Route("DELETE", _MESSAGE, self._delete, WEBHOOK_EDIT, "token", by_token=True),
        ]

    def _callback(self, call: Call) -> Answer:
        answer = self._interactions.acknowledge(
            call.params["interaction_id"], call.params["token"], call.json(), call.files
        )
        return answer if call.flag("with_response") else None

    def _token(self, call: Call) -> str:
        if call.params["application_id"] != self._world.app_id:
            raise ApiError(404, 10015, "Unknown Webhook")
        return call.params["token"]

    def _follow_up(self, call: Call) -> Answer:
        message = self._interactions.follow_up(self._token(call), call.json(), call.files)
        return self._world.shown(message, self._world.app_id)

    def _get(self, call: Call) -> Answer:
        message = self._interactions.message(self._token(call), call.params["message_id"])
        return self._world.shown(message, self._world.app_id)

    def _edit(self, call: Call) -> Answer:
        message = self._interactions.edit(
            self._token(call), call.params["message_id"], call.json(), call.files
        )
        return self._world.shown(message, self._world.app_id)

    def _delete(self, call: Call) -> Answer:
        self._interactions.delete(self._token(call), call.params["message_id"])
        return None
