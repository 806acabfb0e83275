"""A guild without a server around it, with what happened in it written down."""

from dataclasses import dataclass

from playground.commands import Commands
from playground.errors import ApiError, FormErrors
from playground.events import Event, Events
from playground.json_types import Json
from playground.messages import Draft, Messages
from playground.pins import Pins
from playground.posting import Posting
from playground.reactions import Reactions
from playground.threads import Threads
from playground.uploads import Upload, Uploads
from playground.world import World

BOT = "1234567890123456789"


@dataclass
class Guild:
    world: World
    told: list[Event]
    messages: Messages
    threads: Threads
    posting: Posting
    reactions: Reactions
    pins: Pins
    commands: Commands

    @property
    def general(self) -> Json:
        return next(c for c in self.world.guild_channels() if c["name"] == "general")

    def enrol(self, name: str) -> str:
        return str(self.world.enrol(name)["user"]["id"])

    def say(self, author_id: str, body: Json, *files: Upload, channel: Json | None = None) -> Json:
        author = self.world.user(author_id)
        return self.posting.post(Draft(channel or self.general, author, body, files))

    def names(self) -> list[str]:
        return [event.name for event in self.told]


def make_guild() -> Guild:
    world, events = World(BOT, "Docent"), Events()
    told: list[Event] = []
    events.listen(told.append)
    uploads = Uploads(world.ids, None)
    uploads.base_url = "http://playground"
    messages = Messages(world, events, uploads)
    threads = Threads(world, events, messages)
    posting = Posting(world, messages, threads)
    return Guild(
        world,
        told,
        messages,
        threads,
        posting,
        Reactions(world, events, posting),
        Pins(world, events, messages),
        Commands(world, events),
    )


def faults_of(errors: Json, path: str = "") -> dict[str, str]:
    """The tree of faults as `{"embeds.0.title": "BASE_TYPE_MAX_LENGTH"}`."""
    found: dict[str, str] = {}
    for key, value in errors.items():
        if key == "_errors":
            found[path] = value[0]["code"]
        else:
            found |= faults_of(value, f"{path}.{key}".lstrip("."))
    return found


def refusal(error: ApiError) -> tuple[int, int]:
    """The HTTP status and Discord's code."""
    return error.status, error.code


def noted(faults: FormErrors) -> dict[str, str]:
    """What was noted, flat."""
    try:
        faults.raise_if_any()
    except ApiError as error:
        return faults_of(error.errors or {})
    return {}
