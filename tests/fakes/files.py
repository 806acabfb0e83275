"""Files of learners without sandboxes: kept by path, folders as far as files are in them."""

from __future__ import annotations

import posixpath
from collections import defaultdict

from sandbox.contract import FileEntry, FileList, FileWritten
from sandbox.contract.files import MOST_LISTED
from sandbox.errors import FileRefused

MOST_BYTES = 8 * 1024 * 1024


class FakeFiles:
    """The files of all learners; `of[learner]` are paths and contents."""

    def __init__(self) -> None:
        self.of: dict[str, dict[str, bytes]] = defaultdict(dict)

    def read(self, learner: str, path: str) -> bytes:
        """The content; refused as the service refuses it."""
        if path in self.of[learner]:
            return self.of[learner][path]
        raise FileRefused("folder" if self._is_folder(learner, path) else "missing")

    def write(self, learner: str, path: str, content: bytes) -> FileWritten:
        """Keep it; refused as the service refuses it."""
        if len(content) > MOST_BYTES:
            raise FileRefused("too_big")
        if self._is_folder(learner, path):
            raise FileRefused("folder")
        self.of[learner][path] = content
        return FileWritten(path=path, size_bytes=len(content))

    def list(self, learner: str, path: str, depth: int) -> FileList:
        """Files and the folders that they are in."""
        if path in self.of[learner]:
            raise FileRefused("not_a_folder")
        if not self._is_folder(learner, path):
            raise FileRefused("missing")
        found: dict[str, FileEntry] = {}
        for file, content in self.of[learner].items():
            parts = posixpath.relpath(file, path).split("/")
            if parts[0] == "..":
                continue
            for length in range(1, min(depth, len(parts)) + 1):
                name = "/".join(parts[:length])
                is_file = length == len(parts)
                found[name] = FileEntry(
                    path=name,
                    type="file" if is_file else "folder",
                    size_bytes=len(content) if is_file else 4096,
                )
        entries = [found[name] for name in sorted(found)]
        return FileList(
            folder=path, entries=entries[:MOST_LISTED], truncated=len(entries) > MOST_LISTED
        )

    def _is_folder(self, learner: str, path: str) -> bool:
        return path in ("/", "/root") or any(
            file.startswith(f"{path}/") for file in self.of[learner]
        )
