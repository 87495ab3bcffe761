"""A page for whoever opens an address of the API in a browser: the JSON, indented, with its links to follow.

Only a client that likes HTML better than JSON gets it, which browsers do when somebody opens an address, and scripts do not.
"""

import gzip
import re
from base64 import b64encode
from hashlib import sha256
from html import escape

import orjson
from flask import Response, request

from api.http.media_types import HTML, JSON, JSON_LD
from api.http.negotiation import quality_of
from api.http.responses import finished, url_for

XHTML = "application/xhtml+xml"
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext;font-size:14px}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}a{color:#8bf}}"
)
PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{address} · Tasrih</title>
<style>{style}</style>
<nav><a href="{home}">Tasrih</a> · <a href="{docs}">API reference</a></nav>
<h1>{address}</h1>
<p>This is what programs get here as JSON.</p>
<pre dir="auto">{json}</pre>
</html>
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}';"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_URL = re.compile(r"(?<=&quot;)https?://[^\s&{}]+(?:&amp;[^\s&{}]+)*(?=&quot;)")
"""An escaped URL that is a whole string of JSON; one with braces stands for many."""


def is_wanted(media_type: str) -> bool:
    """Whether the client of this request likes HTML better than the JSON that is served.

    Browsers name XHTML too. Others that take JSON at all get it: the default of Java is `text/html, ..., */*;q=.2`.
    """
    accept = request.environ.get("HTTP_ACCEPT", "")
    if "text/html" not in accept.lower() or media_type not in (JSON, JSON_LD):
        return False
    of_json = max(quality_of(media_type), quality_of(JSON))
    return quality_of(HTML) > of_json and (XHTML in accept or not of_json)


def as_page(response: Response) -> Response:
    """A page that shows the body of a response; a response without one stays what it is."""
    if response.status_code != 200:
        return response
    body = response.get_data()
    body = gzip.decompress(body) if "Content-Encoding" in response.headers else body
    document = orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
    page = PAGE.format(
        address=escape(request.full_path.removesuffix("?")),
        style=STYLE,
        home=escape(url_for("/")),
        docs=escape(url_for("/docs")),
        json=_URL.sub(_linked, escape(document)),
    )
    shown = finished(page.encode(), content_type=HTML)
    for name, value in response.headers.items():
        if name not in ("ETag", "Vary") and not name.startswith("Content-"):
            shown.headers[name] = value
    shown.headers["Content-Security-Policy"] = POLICY
    return shown


def _linked(url: re.Match[str]) -> str:
    return f'<a href="{url[0]}">{url[0]}</a>'
