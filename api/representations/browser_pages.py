"""A page for whoever opens an address of the API in a browser: the JSON, indented, with its links to follow.

Only a client that likes HTML better than JSON gets it, which browsers do when somebody opens an address, and scripts do not.
"""

import re
from base64 import b64encode
from hashlib import sha256
from html import escape

import orjson

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


def page_of(address: str, body: bytes, home: str, reference: str) -> bytes:
    """The page that shows a JSON body; `home` and `reference` are the URLs it links to first."""
    document = orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
    page = PAGE.format(
        address=escape(address),
        style=STYLE,
        home=escape(home),
        docs=escape(reference),
        json=_URL.sub(_linked, escape(document)),
    )
    return page.encode()


def _linked(url: re.Match[str]) -> str:
    return f'<a href="{url[0]}">{url[0]}</a>'
