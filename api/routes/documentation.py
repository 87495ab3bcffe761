"""The contract, and the reference page made from it. Everything the page needs comes from this server."""

from functools import cache
from importlib.resources import files

from flask import Blueprint, Flask, Response, current_app
from werkzeug.exceptions import NotFound

from api import openapi
from api.http.media_types import HTML, JSON, YAML
from api.http.negotiation import require_acceptable
from api.http.responses import finished

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
