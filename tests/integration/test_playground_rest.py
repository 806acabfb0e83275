"""REST spoken by hand: doors, limits and refusals that clients hide."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from playground import Options, Playground
from playground.json_types import Json


class Rest:
    """A bot's plain HTTP client."""

    def __init__(self, playground: Playground, session: aiohttp.ClientSession) -> None:
        self.playground = playground
        self._session = session
        self._bot = {"Authorization": f"Bot {playground.token}"}

    async def do(
        self, method: str, path: str, headers: Json | None = None, **more: Any
    ) -> tuple[int, Any, Any]:
        """Return status, body and headers."""
        url = f"{self.playground.base_url}/api/v10{path}"
        headers = self._bot if headers is None else headers
        async with self._session.request(method, url, headers=headers, **more) as answer:
            body = await answer.json() if answer.status != 204 else None
            return answer.status, body, answer.headers

    @property
    def general(self) -> str:
        return self.playground.person("newcomer").general


@pytest.fixture
async def rest() -> AsyncIterator[Rest]:
    async with Playground.start() as playground, aiohttp.ClientSession() as session:
        yield Rest(playground, session)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bot wrong"}])
async def test_without_the_token_nothing_opens(rest: Rest, headers: Json) -> None:
    """401, with Discord's body and bare media type."""
    status, body, answered = await rest.do("GET", "/users/@me", headers)

    assert (status, body) == (401, {"message": "401: Unauthorized", "code": 0})
    assert answered["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, 0),
        ("GET", "/channels/5", 404, 10003),
        ("GET", "/channels/{general}/messages/5", 404, 10008),
        ("GET", "/guilds/5", 404, 10004),
        ("GET", "/users/5", 404, 10013),
        ("GET", "/channels/{general}/messages?limit=0", 400, 50035),
        ("DELETE", "/channels/{general}", 403, 50013),
        ("GET", "/applications/5/commands", 403, 20012),
        ("GET", "/webhooks/{app}/token/messages/@original", 401, 50027),
        ("POST", "/interactions/5/token/callback", 404, 10062),
        ("PUT", "/channels/{general}/thread-members/@me", 400, 50024),
    ],
)
async def test_what_is_not_there_has_its_code(
    rest: Rest, method: str, path: str, status: int, code: int
) -> None:
    """Each kind of missing thing is told apart."""
    path = path.replace("{general}", rest.general)
    path = path.replace("{app}", rest.playground.world.app_id)
    body = {"type": 5} if method == "POST" else None

    answered, refusal, _ = await rest.do(method, path, json=body)

    assert (answered, refusal["code"]) == (status, code)


async def test_broken_json_is_refused(rest: Rest) -> None:
    """As is a body that is no object, or nested without end."""
    path = f"/channels/{rest.general}/messages"
    for data in (b"{", b"[]", b"[" * 100_000):
        status, body, _ = await rest.do("POST", path, data=data)
        assert (status, body["code"]) == (400, 50109)


async def test_too_large_a_file_is_a_413(rest: Rest) -> None:
    """One byte above 10 MiB is too much."""
    form = aiohttp.FormData()
    form.add_field("payload_json", "{}")
    large = BytesIO(bytes(10 * 1024 * 1024 + 1))
    form.add_field("files[0]", large, filename="a.bin")

    status, body, _ = await rest.do("POST", f"/channels/{rest.general}/messages", data=form)

    assert (status, body["code"]) == (413, 40005)


async def test_a_full_bucket_answers_429(rest: Rest) -> None:
    """Five messages in five seconds; the headers say so before, the body after."""
    path = f"/channels/{rest.general}/messages"
    answers = [await rest.do("POST", path, json={"content": str(n)}) for n in range(6)]

    statuses = [status for status, _, _ in answers]
    assert statuses == [200] * 5 + [429]
    assert [h["X-RateLimit-Remaining"] for _, _, h in answers] == ["4", "3", "2", "1", "0", "0"]
    _, body, headers = answers[5]
    assert body["global"] is False
    assert 0 < body["retry_after"] <= 5
    assert int(headers["Retry-After"]) >= body["retry_after"]
    assert "Via" in headers
    assert headers["X-RateLimit-Bucket"] == answers[0][2]["X-RateLimit-Bucket"]
    assert len(rest.playground.person("newcomer").messages()) == 5


async def test_more_than_fifty_a_second_is_too_many(rest: Rest) -> None:
    """The global limit says that it is global."""
    for number in range(60):
        status, body, headers = await rest.do("GET", f"/channels/{number}")
        if status == 429:
            break

    assert body["global"] is True
    assert headers["X-RateLimit-Global"] == "true"


async def test_the_bot_is_kept_out_of_others_threads() -> None:
    """A private thread that the bot may not see is a 50001."""
    options = Options(rate_limits=False)
    async with Playground.start(options) as playground, aiohttp.ClientSession() as session:
        rest, world = Rest(playground, session), playground.world
        _, thread, _ = await rest.do(
            "POST", f"/channels/{rest.general}/threads", json={"name": "lab", "type": 12}
        )
        await rest.do("DELETE", f"/channels/{thread['id']}/thread-members/@me")
        for role in world.roles.values():
            role["permissions"] = str(int(role["permissions"]) & ~(1 << 34))

        status, body, _ = await rest.do("GET", f"/channels/{thread['id']}")

        assert (status, body["code"]) == (403, 50001)


async def test_an_ephemeral_message_is_no_message_of_the_channel(rest: Rest) -> None:
    """Only the interaction's token reaches it."""
    playground = rest.playground
    playground.commands.overwrite([{"name": "start", "description": "x"}])
    newcomer = playground.person("newcomer")
    interaction = newcomer.slash("start")
    callback = f"/interactions/{interaction.interaction_id}/{interaction.token}/callback"
    answer = {"type": 4, "data": {"content": "psst", "flags": 64}}
    _, told, _ = await rest.do("POST", f"{callback}?with_response=1", {}, json=answer)
    message_id = told["interaction"]["response_message_id"]

    status, body, _ = await rest.do("GET", f"/channels/{rest.general}/messages/{message_id}")
    webhook = f"/webhooks/{playground.world.app_id}/{interaction.token}/messages"
    _, original, _ = await rest.do("GET", f"{webhook}/@original", {})

    assert (status, body["code"]) == (404, 10008)
    assert original["content"] == "psst"
