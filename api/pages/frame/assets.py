"""The files that pages load: the style sheet, the script of the one page that needs any, and the fonts under the Open Font License (static/OFL.txt).

A digest of the file is in its address, so that browsers keep it for good and still get the next version at once.
"""

from functools import cache
from hashlib import sha256
from importlib.resources import files

from flask import Response
from werkzeug.exceptions import NotFound

from api.http.responses import finished

TYPES = {
    "reading-room.css": "text/css; charset=utf-8",
    "noto-naskh-arabic.woff2": "font/woff2",
    "source-serif-latin.woff2": "font/woff2",
    "source-serif-latin-ext.woff2": "font/woff2",
    "desk.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "OFL.txt": "text/plain; charset=utf-8",
}
FOR_GOOD = "public, max-age=31536000, immutable"


@cache
def content(name: str) -> bytes:
    """The bytes of a file; in the style sheet the addresses of fonts, which stand beside it, have their digests."""
    body = (files("api.pages") / "static" / name).read_bytes()
    if name.endswith(".css"):
        for font in (each for each in TYPES if each.endswith(".woff2")):
            body = body.replace(font.encode(), f"../{digest(font)}/{font}".encode())
    return body


@cache
def digest(name: str) -> str:
    """What stands in the address of a file for its bytes."""
    return sha256(content(name)).hexdigest()[:12]


def path(name: str) -> str:
    """The path of a file below the root of the service."""
    return f"/assets/{digest(name)}/{name}"


def serve(digest: str, name: str) -> Response:
    """A file; the digest of another version gets this one, which is not to be kept."""
    if name not in TYPES:
        raise NotFound
    response = finished(content(name), content_type=TYPES[name])
    if digest == _digest(name):
        response.headers["Cache-Control"] = FOR_GOOD
    return response


_digest = digest
