"""What happens in the guild, told to whoever listens: the Gateway, and people's pages."""

from collections.abc import Callable
from dataclasses import dataclass

from playground.json_types import Json


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        name: Discord's name for it (`MESSAGE_CREATE`), or one of ours that only pages know.
        data: The API object; whoever sends it on adds what differs from viewer to viewer.
        channel_id: Where it happened; only those who can see that channel hear of it.
        only_for: The one person whom it concerns (an ephemeral message, a modal).
        page_only: Not an event of Discord's Gateway.
    """

    name: str
    data: Json
    channel_id: str | None = None
    only_for: str | None = None
    page_only: bool = False


Listener = Callable[[Event], None]


class Events:
    """Passes each event to all listeners, at once and in the order in which things happened."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Call `listener` with each event from now on."""
        self._listeners.append(listener)

    def stop_listening(self, listener: Listener) -> None:
        """Call it no more; nothing happens when it was not listening."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def tell(self, event: Event) -> None:
        """Pass the event on."""
        for listener in tuple(self._listeners):
            listener(event)
