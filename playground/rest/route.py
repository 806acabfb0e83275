"""What a REST route is, and what its handler gets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground.errors import ApiError
from playground.json_types import Json, JsonList
from playground.rates import Bucket
from playground.uploads import Upload


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read and let in."""

    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: Sequence[Upload] = ()

    def json(self) -> Json:
        """Return the body as an object.

        Raises:
            ApiError: 50109 when it is none.
        """
        if not isinstance(self.body, dict):
            raise ApiError(400, 50109, "The request body contains invalid JSON.")
        return self.body

    def flag(self, name: str) -> bool:
        """Return a yes-or-no query parameter; clients write it as 1 or true."""
        return self.query.get(name, "").lower() in ("1", "true")


Answer = Json | JsonList | None
Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path below /api/v10, who answers, and how it is limited.

    Attributes:
        place: The path parameter that gives the bucket its own count ("" for none).
        status: The status of an answer with a body; without one it is 204.
        by_token: The token in the path is what authorises it, not the bot's.
    """

    method: str
    path: str
    handler: Handler
    bucket: Bucket | None
    place: str = ""
    status: int = 200
    by_token: bool = False
