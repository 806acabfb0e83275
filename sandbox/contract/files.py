"""Files of the learner's, read and written inside their sandbox as the learner would.

A path that does not begin with `/` begins in the working directory of the next command line.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sandbox.contract.wire import Wire

MOST_FILE_BYTES = 64 * 1024 * 1024
"""No service takes or gives a bigger file, whatever its settings say."""
DEEPEST_LIST = 5
MOST_LISTED = 1000

FilePath = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00]+$")]
FileReason = Literal[
    "missing",
    "folder",
    "not_a_folder",
    "not_a_file",
    "too_big",
    "disk_full",
    "no_permission",
    "bad_name",
]
"""Why a file was refused. `not_a_file`: a device or a pipe; `bad_name`: too long for a name."""


class FileRequest(Wire):
    """Query of GET and PUT `/file`; a PUT has the file as its body, and says its length."""

    path: FilePath


class FileListRequest(Wire):
    """Query of GET `/files`."""

    path: FilePath = "."
    depth: int = Field(default=1, ge=1, le=DEEPEST_LIST)


class FileWritten(Wire):
    """A file that was written; `path` is where, with links followed."""

    path: str
    size_bytes: int


class FileEntry(Wire):
    """Something in a folder; `path` begins there. Names are repaired to UTF-8 without controls."""

    path: str
    type: Literal["file", "folder", "link", "other"]
    size_bytes: int


class FileList(Wire):
    """What is in a folder, by name; `truncated` says that there is more."""

    folder: str
    entries: list[FileEntry] = Field(max_length=MOST_LISTED)
    truncated: bool = False
