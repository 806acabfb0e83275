"""Bodies of requests: JSON, or multipart with `payload_json` and files."""

import json
import re
from typing import Any

from aiohttp import BodyPartReader, web

from playground.errors import ApiError
from playground.uploads import MAX_FILE_BYTES, MAX_FILES, Upload, too_large

_FILE_INDEX = re.compile(r"\d+")
MAX_JSON_BYTES = 4 * 1024 * 1024


async def read_body(request: web.Request) -> tuple[Any, list[Upload]]:
    """Return the JSON of a request (None without a body) and its files.

    Raises:
        ApiError: 50109 for broken JSON, 40005 for what is too large.
    """
    if request.content_type.startswith("multipart/"):
        return await _read_multipart(request)
    if not request.can_read_body:
        return None, []
    try:
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge as large:
        raise too_large() from large
    return (parse(raw) if raw else None), []


async def _read_multipart(request: web.Request) -> tuple[Any, list[Upload]]:
    body: Any = {}
    files: list[Upload] = []
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "payload_json":
            body = parse(await _read_part(part, MAX_JSON_BYTES))
        elif part.filename:
            files.append(await _read_file(part))
            if len(files) > MAX_FILES:
                raise too_large()
    return body, files


async def _read_file(part: BodyPartReader) -> Upload:
    index = _FILE_INDEX.search(part.name or "")
    data = await _read_part(part, MAX_FILE_BYTES)
    return Upload(index.group() if index else "0", part.filename or "unknown", data)


async def _read_part(part: BodyPartReader, most: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        data += chunk
        if len(data) > most:
            raise too_large()
    return bytes(data)


def parse(raw: bytes) -> Any:
    """Return the JSON in `raw`.

    Raises:
        ApiError: 50109 when it is none.
    """
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as broken:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from broken
