"""What the playground answers when Discord would refuse.

ApiError            an HTTP status with Discord's error body
FormErrors          collects the faults of one request body into Discord's error tree
"""

from collections.abc import Sequence

from playground.json_types import Json

INVALID_FORM_BODY = 50035
MAX_COLOR = 0xFFFFFF


class ApiError(Exception):
    """A refusal: the HTTP status and the JSON that goes with it."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    @property
    def body(self) -> Json:
        """The error body exactly as Discord words it."""
        body: Json = {"message": self.message, "code": self.code}
        return body | ({"errors": self.errors} if self.errors else {})


def unknown_channel() -> ApiError:
    """Refuse an id that is no channel."""
    return ApiError(404, 10003, "Unknown Channel")


def unknown_message() -> ApiError:
    """Refuse an id that is no message in that channel."""
    return ApiError(404, 10008, "Unknown Message")


def unknown_interaction() -> ApiError:
    """Refuse a token that never was, was answered too late, or has run out."""
    return ApiError(404, 10062, "Unknown interaction")


def missing_access() -> ApiError:
    """Refuse because the channel can't be seen."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """Refuse because a permission is lacking."""
    return ApiError(403, 50013, "Missing Permissions")


class FormErrors:
    """The faults found in one request body, reported all at once as Discord does."""

    def __init__(self) -> None:
        self._tree: Json = {}

    def __bool__(self) -> bool:
        return bool(self._tree)

    def add(self, path: Sequence[str | int], code: str, message: str) -> None:
        """Note a fault at this place, for example `("embeds", 0, "title")`."""
        node = self._tree
        for step in path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def required(self, path: Sequence[str | int]) -> None:
        """Note a field that must be there and is not."""
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required")

    def length(self, path: Sequence[str | int], value: str, least: int, most: int) -> None:
        """Note a text that is too short or too long; lengths count as Discord counts them."""
        if len(value) > most:
            self.too_long(path, most)
        elif len(value) < least:
            message = f"Must be between {least} and {most} in length."
            self.add(path, "BASE_TYPE_BAD_LENGTH", message)

    def too_long(self, path: Sequence[str | int], most: int) -> None:
        """Note a text longer than `most` characters."""
        self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def count(self, path: Sequence[str | int], number: int, least: int, most: int) -> None:
        """Note a list with too few or too many items."""
        if not least <= number <= most:
            message = f"Must be between {least} and {most} in length."
            self.add(path, "BASE_TYPE_BAD_LENGTH", message)

    def number(self, path: Sequence[str | int], value: int, least: int, most: int) -> None:
        """Note a number out of its bounds."""
        if not least <= value <= most:
            message = f"int value should be between {least} and {most}."
            self.add(path, "NUMBER_TYPE_RANGE", message)

    def raise_if_any(self) -> None:
        """Refuse the request when something was noted.

        Raises:
            ApiError: 400 with code 50035 and the tree of faults.
        """
        if self._tree:
            raise ApiError(400, INVALID_FORM_BODY, "Invalid Form Body", self._tree)
