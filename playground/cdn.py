"""The CDN: attached files, and the drawn avatars of those who have none."""

from functools import cache
from io import BytesIO
from typing import Final

from aiohttp import web
from PIL import Image, ImageDraw

from playground.uploads import Uploads, content_type_of

_COLORS: Final = ("#5b7cfa", "#7a869a", "#3f9d6d", "#c98a2b", "#c2544b", "#a35bb8")
_SIZE = 128
_INLINE: Final = ("image/png", "image/jpeg", "image/gif", "image/webp", "text/plain")


class CdnRoutes:
    """Serves files without any token, as Discord's CDN does."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads

    def mount(self, app: web.Application) -> None:
        """Serve below `/cdn`."""
        path = "/cdn/attachments/{channel_id}/{attachment_id}/{filename}"
        app.router.add_get(path, self._attachment)
        app.router.add_get("/cdn/embed/avatars/{index}.png", self._avatar)

    async def _attachment(self, request: web.Request) -> web.Response:
        filename = request.match_info["filename"]
        data = self._uploads.read(request.match_info["attachment_id"], filename)
        if data is None:
            return web.Response(status=404)
        kind = content_type_of(filename)
        inline = kind.partition(";")[0] in _INLINE
        headers = {
            "Content-Type": kind,
            "Content-Disposition": "inline" if inline else f'attachment; filename="{filename}"',
            # What people upload is shown on the page's own origin: it must never run there.
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=data, headers=headers)

    async def _avatar(self, request: web.Request) -> web.Response:
        index = request.match_info["index"]
        number = int(index) if index.isdigit() else 0
        return web.Response(body=_drawn(number % len(_COLORS)), content_type="image/png")


@cache
def _drawn(index: int) -> bytes:
    picture = Image.new("RGB", (_SIZE, _SIZE), _COLORS[index])
    draw = ImageDraw.Draw(picture)
    draw.ellipse((44, 24, 84, 64), fill="white")
    draw.ellipse((24, 72, 104, 152), fill="white")
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
