"""The reconciliation service of OpenRefine, at an address for each record type (Reconciliation Service API 0.2).

Its manifest and its specification are its contract. Parameters that it does not know are passed over, as the specification
has it: the widgets of OpenRefine add some of their own.
"""

import re
from html import escape
from typing import Any

import orjson
from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from api import __version__
from api.errors import InvalidParameters, Issue
from api.http.addresses import require_id
from api.http.media_types import HTML, JSON
from api.http.request_bodies import raw_body
from api.http.responses import finished, url_for
from api.names.suggestions import beginning, suggestions
from api.reconciliation import queries
from api.reconciliation.properties import PROPERTIES, RECONCILED
from schemas.messages import NOT_WHOLE
from schemas.records.vocabularies import labels
from schemas.values.languages import best

blueprint = Blueprint("reconciliation", __name__, url_prefix="/reconcile")

_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]{0,99}", re.ASCII)
_JAVASCRIPT = "text/javascript; charset=utf-8"
_MOST_SUGGESTED = 20
PREVIEW_POLICY = "default-src 'none'; frame-ancestors *; base-uri 'none'; form-action 'none'"
NOTHING_ASKED = "Is missing, and so is 'extend': send one of them as a field of a form, or both in a JSON body with its Content-Type."
LANGUAGES = (("en", "English"), ("ar", "العربية"), ("ru", "Русский"))


def manifest(record_type: str) -> dict[str, Any]:
    """What the service of a record type offers."""
    here, service = url_for(f"/reconcile/{record_type}"), {"service_url": url_for(f"/reconcile/{record_type}")}
    languages = [{"value": code, "name": name} for code, name in LANGUAGES]
    about_language = {
        "name": "lang",
        "label": "Language of names",
        "type": "select",
        "default": "en",
        "choices": languages,
    }
    about_limit = {"name": "limit", "label": "Most values", "type": "number", "default": 0}
    return {
        "versions": ["0.2"],
        "name": f"Tasrih: {record_type}",
        "identifierSpace": url_for(f"/v1/{record_type}/"),
        "schemaSpace": url_for("/v1/vocabularies/"),
        "documentation": url_for("/docs"),
        "serviceVersion": __version__,
        "defaultTypes": queries.types_of(record_type)[:1],
        "view": {"url": url_for(f"/v1/{record_type}/") + "{{id}}"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": 400, "height": 160},
        "suggest": {name: {**service, "service_path": f"/suggest/{name}"} for name in ("entity", "type", "property")},
        "extend": {
            "propose_properties": {**service, "service_path": "/properties"},
            "property_settings": [
                {**about_language, "help_text": "The language in which names and terms are given, if there is one."},
                {**about_limit, "help_text": "The most values of each cell; 0 for all."},
            ],
        },
        "batchSize": queries.BATCH_SIZE,
    }


@blueprint.route("/<record_type>", methods=["GET", "POST"], strict_slashes=False)
def reconcile(record_type: str) -> Response:
    """The manifest; or the answer to a batch of `queries`, or to `extend`, from a form, the address or a JSON body."""
    _require_known(record_type)
    sent = _sent()
    if "queries" in sent:
        return _answered(queries.reconcile(record_type, sent["queries"]))
    if "extend" in sent:
        return _answered(queries.extend(record_type, sent["extend"]))
    if request.method == "POST" or "query" in request.args:
        raise InvalidParameters([Issue(NOTHING_ASKED, parameter="queries")])
    return _answered(manifest(record_type))


def _sent() -> dict[str, Any]:
    """What was sent, parsed; raise InvalidParameters where it is no JSON."""
    if request.is_json:
        body = _parsed("body", raw_body(JSON))
        return body if isinstance(body, dict) else {}
    names = [name for name in ("queries", "extend") if name in request.values]
    return {name: _parsed(name, request.values[name].encode("utf-8", "surrogateescape")) for name in names}


def _parsed(name: str, text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidParameters([Issue(f"Is not JSON: {error}.", parameter=name)]) from None


def _require_known(record_type: str) -> None:
    if record_type not in RECONCILED:
        raise NotFound(f"Names are reconciled with {', '.join(RECONCILED)}.")


def _answered(body: Any) -> Response:
    """JSON, or a script that calls `callback` with it (JSONP), for pages that can't read answers from elsewhere."""
    callback = request.args.get("callback")
    if callback is None:
        return finished(orjson.dumps(body), content_type=JSON)
    if not _CALLBACK.fullmatch(callback):
        raise InvalidParameters([Issue("Is not the name of a function.", parameter="callback")])
    return finished(b"/**/" + callback.encode() + b"(" + orjson.dumps(body) + b");", content_type=_JAVASCRIPT)


@blueprint.get("/<record_type>/suggest/<kind>")
def suggest(record_type: str, kind: str) -> Response:
    """Records with a name that begins with `prefix`, or types or properties with a name or an id that holds it.

    `cursor` is how many to skip (Reconciliation Service API 0.2).
    """
    _require_known(record_type)
    if kind not in _SUGGESTED:
        raise NotFound(f"What is suggested is {', '.join(_SUGGESTED)}.")
    skipped = request.args.get("cursor", "0")
    if not (skipped.isascii() and skipped.isdigit() and len(skipped) < 10):
        raise InvalidParameters([Issue(NOT_WHOLE, parameter="cursor")])
    return _answered({"result": _SUGGESTED[kind](record_type, request.args.get("prefix", ""))[int(skipped) :]})


Named = list[dict[str, Any]]


def _records(record_type: str, prefix: str) -> Named:
    if record_type == "articles":
        found = queries.reconcile(record_type, {"q": {"query": prefix, "limit": _MOST_SUGGESTED}}) if prefix else {}
        return [
            {key: each[key] for key in ("id", "name", "description")} for each in found.get("q", {}).get("result", [])
        ]
    start = beginning(prefix[:100])
    matching = suggestions(start, [record_type], _MOST_SUGGESTED) if start else []
    return [
        {"id": each.id, "name": each.name[best(each.name, ["en"])], "description": f"{each.matched} ({each.id})"}
        for each in matching
    ]


def _types(record_type: str, letters: str) -> Named:
    return _holding(queries.types_of(record_type), letters)


def _properties(record_type: str, letters: str) -> Named:
    return _holding([{"id": each.id, "name": each.name} for each in PROPERTIES[record_type].values()], letters)


_SUGGESTED = {"entity": _records, "type": _types, "property": _properties}


def _holding(named: Named, letters: str) -> Named:
    letters = letters.casefold()
    return [each for each in named if letters in each["id"].casefold() or letters in each["name"].casefold()]


@blueprint.get("/<record_type>/properties")
def propose_properties(record_type: str) -> Response:
    """The properties that columns can be filled from."""
    _require_known(record_type)
    limit = request.args.get("limit", "")
    most = int(limit[:6]) if limit.isascii() and limit.isdigit() else None
    offered = [{"id": each.id, "name": each.name} for each in PROPERTIES[record_type].values() if not each.held_on]
    asked = {"type": request.args.get("type", record_type), **({"limit": most} if most else {})}
    return _answered({**asked, "properties": offered[: most or None]})


@blueprint.get("/<record_type>/preview")
def preview(record_type: str) -> Response:
    """A record in a few lines of HTML, for the box that OpenRefine shows."""
    _require_known(record_type)
    record_id = request.args.get("id", "")
    require_id(record_id)
    document = queries.followed(record_type, [record_id]).get(record_id)
    if document is None:
        raise NotFound(f"No record of '{record_type}' has the id '{record_id}'.")
    response = finished(_page(record_type, document).encode(), content_type=HTML)
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    return response


def _page(record_type: str, document: dict[str, Any]) -> str:
    names = document.get("name") or {document["language"]: document["title"]} if document.get("title") else None
    names = names or document.get("name") or document["supplied_title"]
    lines = "".join(f'<p dir="auto" lang="{escape(lang)}">{escape(text)}</p>' for lang, text in list(names.items())[:4])
    kind = labels(f"{record_type.removesuffix('s')}-kinds")[document["kind"]]["en"] if "kind" in document else "Article"
    address = escape(url_for(f"/v1/{record_type}/{document['id']}"))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(document["id"])}</title>{lines}'
        f'<p>{escape(kind)} · <a href="{address}" target="_blank" rel="noopener">{escape(document["id"])}</a></p></html>'
    )
