"""Files that people and the bot attach: kept in memory or on disk, never more than a set amount."""

import mimetypes
import re
import shutil
import warnings
from collections import OrderedDict
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from playground.errors import ApiError
from playground.json_types import Json
from playground.snowflakes import Snowflakes

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_FILES = 10
MAX_KEPT_BYTES = 200 * 1024 * 1024
_UNSAFE = re.compile(r"[^A-Za-z0-9_.\-]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request: its place in it (`files[0]` is "0"), name and bytes."""

    index: str
    filename: str
    data: bytes


def too_large() -> ApiError:
    """Refuse a file above the limit."""
    return ApiError(413, 40005, "Request entity too large")


class Uploads:
    """Keeps attached files and tells their attachment objects."""

    def __init__(self, ids: Snowflakes, folder: Path | None) -> None:
        self._ids = ids
        self._folder = folder
        self._kept: OrderedDict[str, int] = OrderedDict()
        self._in_memory: dict[str, bytes] = {}
        self.base_url = ""
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._find_kept(folder)

    def _find_kept(self, folder: Path) -> None:
        for path in sorted(folder.glob("*/*")):
            self._kept[f"{path.parent.name}/{path.name}"] = path.stat().st_size

    def keep(self, upload: Upload, channel_id: str, description: str | None) -> Json:
        """Keep the file and return its attachment object.

        Raises:
            ApiError: 413 with code 40005 when the file is larger than Discord takes.
        """
        if len(upload.data) > MAX_FILE_BYTES:
            raise too_large()
        attachment_id, filename = self._ids.next(), safe_name(upload.filename)
        self._write(f"{attachment_id}/{filename}", upload.data)
        path = f"/cdn/attachments/{channel_id}/{attachment_id}/{filename}"
        attachment: Json = {
            "id": attachment_id,
            "filename": filename,
            "size": len(upload.data),
            "url": self.base_url + path,
            "proxy_url": self.base_url + path,
            "content_type": content_type_of(filename),
        }
        if filename != upload.filename:
            attachment["title"] = Path(upload.filename).stem
        if description:
            attachment["description"] = description
        return attachment | _picture_size(upload.data, attachment["content_type"])

    def read(self, attachment_id: str, filename: str) -> bytes | None:
        """Return the file's bytes, or None when it is not (or no longer) kept."""
        key = f"{attachment_id}/{filename}"
        if key not in self._kept:
            return None
        if self._folder is None:
            return self._in_memory[key]
        return (self._folder / key).read_bytes()

    def _write(self, key: str, data: bytes) -> None:
        if self._folder is None:
            self._in_memory[key] = data
        else:
            path = self._folder / key
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        self._kept[key] = len(data)
        while sum(self._kept.values()) > MAX_KEPT_BYTES:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        key, _ = self._kept.popitem(last=False)
        self._in_memory.pop(key, None)
        if self._folder is not None:
            shutil.rmtree((self._folder / key).parent, ignore_errors=True)


def safe_name(filename: str) -> str:
    """Return the name as Discord stores it: plain letters, digits, `_`, `.` and `-`."""
    path = Path(filename.replace("\\", "/"))
    stem = _UNSAFE.sub("_", path.stem).strip("_.") or "unknown"
    suffix = _UNSAFE.sub("", path.suffix)
    return f"{stem[:100]}{suffix[:20]}"


def content_type_of(filename: str) -> str:
    """Return the media type that the name stands for."""
    guessed, encoding = mimetypes.guess_type(filename)
    if encoding is not None or guessed is None:
        return (
            "text/plain; charset=utf-8" if filename.endswith(".log") else "application/octet-stream"
        )
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed


def _picture_size(data: bytes, content_type: str) -> Json:
    if not content_type.startswith("image/"):
        return {}
    try:
        # Pillow warns about very large pictures; only their size is read here.
        with warnings.catch_warnings(), Image.open(BytesIO(data)) as picture:
            warnings.simplefilter("ignore")
            return {"width": picture.width, "height": picture.height}
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return {}
