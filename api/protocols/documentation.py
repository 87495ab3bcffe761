"""The contract, and the reference page made from it. Everything the page needs comes from this server."""

from functools import cache
from importlib.resources import files

from flask import Blueprint, Flask, Response, current_app
from werkzeug.exceptions import NotFound

from api import openapi
from api.http.media_types import HTML, JSON, TEXT, YAML
from api.http.negotiation import require_acceptable
from api.http.responses import finished, url_for

blueprint = Blueprint("documentation", __name__)

ASSETS = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "favicon-32x32.png": "image/png",
}
"""The files of Swagger UI that the page uses, and their types."""

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tasrih API reference</title>
<link rel="icon" type="image/png" href="docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
<main id="reference"></main>
<noscript>This page needs JavaScript. The contract itself is <a href="openapi.yaml">openapi.yaml</a>.</noscript>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script type="module" src="docs/assets/start.js"></script>
</html>
"""
START = """\
// Swagger UI would fill every parameter with its example and send them all at once: they go into the descriptions.
const contract = await (await fetch("openapi.json")).json();
const operations = Object.values(contract.paths).map((path) => path.get?.parameters ?? []);
for (const parameter of [...operations.flat(), ...Object.values(contract.components.parameters)]) {
  if (parameter.in === "query" && parameter.example !== undefined) {
    parameter.description += ` Example: \\`${[parameter.example].flat().join(",")}\\``;
    delete parameter.example;
  }
}
SwaggerUIBundle({
  spec: contract, dom_id: "#reference", deepLinking: true, displayRequestDuration: true, validatorUrl: null,
  defaultModelsExpandDepth: 0, tryItOutEnabled: true, presets: [SwaggerUIBundle.presets.apis]
});
"""
FOR_MODELS = """\
# Tasrih

> Official statements about conflicts and agreements: who said what, when, on whose behalf, about which agreement, according to whom.
> Statements are what somebody said, not what is true. Opposed claims stand side by side, without a verdict.

- Read-only JSON over GET; the contract is [OpenAPI 3.1]({base}/openapi.json). `tasrih mcp --url {base}` offers the same as tools.
- Cite each claim with its statement's address and with `reports[].chain`: who spoke, who relayed and published it, in which article.
- An empty list does not mean that nothing was said: its `coverage` tells what was read, `{base}/v1/coverage` by publisher and day.
- Find ids by name first; filters take ids and terms, and an unknown parameter is an error that lists the known ones.
- Ask for little: `view=summary&lang=en` is under 1 kB for each statement, `fields=` takes single keys, `page.next` leads on.

## Reads

- [Find by name]({base}/v1/suggest?q=lavrov): speakers, agreements, events and places, by names in Arabic and English
- [Statements]({base}/v1/statements?view=summary&lang=en): `q`, `speaker`, `agreement`, `act`, `since`, `until`, `place`, `topic`
- [Counts of statements]({base}/v1/statements/facets), and [by month]({base}/v1/statements/timeline?interval=month)
- [Figures]({base}/v1/figures) that were claimed, and [those that can't both hold]({base}/v1/figures/conflicts)
- [Agreements]({base}/v1/agreements), [speakers]({base}/v1/speakers), [events]({base}/v1/events), [places]({base}/v1/places)
- [Articles]({base}/v1/articles), and [what was read]({base}/v1/coverage) of which publisher
- [Vocabularies]({base}/v1/vocabularies): what the terms mean

## Optional

- [Everything at once]({base}/v1/statements/export): NDJSON or CSV; or as [tables]({base}/v1/datapackage) in a ZIP archive
- [Changes]({base}/v1/changes): the feed of changes, for copies
- [Reference]({base}/docs): the contract as a page
"""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self';"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@blueprint.get("/openapi.json")
def openapi_json() -> Response:
    """The contract as JSON."""
    require_acceptable(JSON)
    return finished(openapi.contract_of(_app()).json)


@blueprint.get("/openapi.yaml")
def openapi_yaml() -> Response:
    """The contract as YAML."""
    require_acceptable(YAML)
    return finished(openapi.contract_of(_app()).yaml, content_type=YAML)


@blueprint.get("/docs")
def docs() -> Response:
    """The reference page."""
    require_acceptable("text/html")
    response = finished(PAGE.encode(), content_type=HTML)
    response.headers["Content-Security-Policy"] = POLICY
    return response


@blueprint.get("/llms.txt")
def llms_txt() -> Response:
    """What a language model needs to use the API well (llmstxt.org)."""
    require_acceptable("text/plain")
    return finished(FOR_MODELS.replace("{base}", url_for("")).encode(), content_type=TEXT)


@blueprint.get("/docs/assets/<name>")
def docs_asset(name: str) -> Response:
    """A file of the reference page."""
    if name == "start.js":
        return finished(START.encode(), content_type="text/javascript; charset=utf-8")
    if name not in ASSETS:
        raise NotFound
    return finished(_asset(name), content_type=ASSETS[name])


@cache
def _asset(name: str) -> bytes:
    return (files("flask_swagger_ui") / "dist" / name).read_bytes()


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]
