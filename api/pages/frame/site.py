"""The addresses of the pages, and how a page becomes a response: language, parameters, layout, headers.

A page is a function of its request and of what its path names; it gives a `Content`. Everything else is done here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, Response, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from marshmallow import fields

from api.changelog.tombstones import why_missing
from api.errors import MergedAway, NoSuchRecord
from api.http.addresses import require_id
from api.http.media_types import BIBTEX, CSL_JSON, HTML, LINKED_DATA, RIS
from api.http.negotiation import require_acceptable
from api.http.query_strings import parse_query
from api.http.responses import finished, url_for
from api.pages.frame import assets, drawings, languages
from api.pages.frame.elements import Elements, bare, named, together
from api.pages.frame.languages import DIGITS, LANGUAGES, Wording
from schemas.parameters.query_schema import QuerySchema
from schemas.parameters.values import one_of

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none';"
    " frame-ancestors {ancestors}"
)
SCRIPTED = "; script-src 'self'; connect-src 'self'"
"""What a page with a script may do beside: run files of the service, and call its API."""
LONGEST_DESCRIPTION = 300  # characters; services that show a link cut it off at about as much


class PageQuery(QuerySchema):
    """The parameters of every page."""

    digits = fields.String(validate=one_of(DIGITS), metadata={"description": "Which digits are shown."})


@dataclass(frozen=True)
class Request:
    """What a page is asked for. `path` is the address without the language."""

    path: str
    query: Mapping[str, Any]
    elements: Elements


@dataclass
class Content:
    """What a page shows: a template and its values.

    `json` is the path below the root of the same as JSON, `picture` that of an image. `framable` pages may be shown
    inside of others'. `script` is the file that makes a page work which is more than a text to read.
    """

    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""
    json: str | None = None
    picture: str | None = None
    links: Sequence[Mapping[str, str]] = ()
    framable: bool = False
    script: str | None = None
    status: int = 200


class Redirect(Exception):
    """The same page with other parameters says it better."""

    def __init__(self, query: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.query = query


FORMATS = {"jsonld": LINKED_DATA, "bibtex": BIBTEX, "ris": RIS, "csl": CSL_JSON}
"""The formats in which records are linked and cited, and their media types."""


def formats(json: str) -> tuple[dict[str, str], ...]:
    """The links by which programs find linked data and the citation of a record, by its path as JSON."""
    return tuple(
        {"rel": "alternate", "type": media_type, "href": url_for(json, {"format": name})}
        for name, media_type in FORMATS.items()
    )


Page = Callable[..., Content]

blueprint = Blueprint("pages", __name__)


def page(rule: str, query: type[PageQuery] = PageQuery) -> Callable[[Page], Page]:
    """Serve a page in each language, at `/ar` and `/en` before this rule."""
    schema = query()
    record_type = rule.split("/")[1] if "<id>" in rule else None

    def registered(view: Page) -> Page:
        def respond(language: str, **path: str) -> Response:
            require_acceptable(HTML)
            if cleaned := _without_empty_parameters():
                return see(cleaned)
            if "id" in path:
                require_id(path["id"])
            parameters = parse_query(schema, request.query_string)
            asked = asked_for(language, parameters.pop("digits", None), parameters)
            try:
                return rendered(view(asked, **path), asked)
            except Redirect as redirect:
                return see(root() + request.path + f"?{urlencode(redirect.query)}")
            except NoSuchRecord as missing:
                return _missing(missing, record_type)

        prefix = f"/<any({', '.join(LANGUAGES)}):language>"
        blueprint.add_url_rule(prefix + rule, rule, respond, methods=["GET"])
        return view

    return registered


def asked_for(language: str, digits: str | None, query: Mapping[str, Any]) -> Request:
    """The request of a page in a language."""
    wording = Wording(LANGUAGES[language], digits)
    kept = [("digits", digits)] if digits else []
    path = request.path.removeprefix(f"/{language}") or "/"
    return Request(path, query, Elements(wording, root(), kept))


def root() -> str:
    """The path under which the service is reached, before all of its addresses."""
    return urlsplit(url_for("")).path


def rendered(content: Content, asked: Request) -> Response:
    """The response that shows a page."""
    alternate = [("alternate", url_for(content.json))] if content.json else []
    body = (
        environment()
        .get_template(content.template)
        .render(
            h=asked.elements,
            page=content,
            asked=asked,
            title=bare(content.title),
            description=bare(content.description)[:LONGEST_DESCRIPTION],
            address=addresses(asked),
            switch=with_parameters(),
            digits_url={digits: _in_digits(digits) for digits in DIGITS},
            picture=content.picture and url_for(content.picture),
            json=alternate[0][1] if alternate else None,
            **content.values,
        )
    )
    response = finished(body.encode(), content_type=HTML, links=dict(alternate))
    policy = POLICY.format(ancestors="*" if content.framable else "'none'")
    response.headers["Content-Security-Policy"] = policy + (SCRIPTED if content.script else "")
    response.headers["Content-Language"] = asked.elements.code
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    if content.status != 200:
        response.status_code = content.status
    return response


def addresses(asked: Request) -> Mapping[str, str]:
    """The URLs of this page by language, without choices that change no content."""
    pairs = [(name, value) for name, value in sent() if name != "digits"]
    query = f"?{urlencode(pairs)}" if pairs else ""
    return {code: url_for(f"/{code}{asked.path}") + query for code in LANGUAGES}


def sent() -> list[tuple[str, str]]:
    """The parameters of this request, in order."""
    return parse_qsl(request.query_string.decode("utf-8", "replace"), keep_blank_values=True)


def with_parameters(**values: str | None) -> list[tuple[str, str]]:
    """The parameters of this request, others in the place of those given and none of those that are None."""
    kept = [(name, value) for name, value in sent() if name not in {*values, "digits"}]
    return kept + [(name, value) for name, value in values.items() if value is not None]


def _in_digits(digits: str) -> str:
    """The address of this page with other digits; the usual ones need no parameter."""
    pairs = with_parameters() + ([("digits", digits)] if digits != DIGITS[0] else [])
    return root() + request.path + (f"?{urlencode(pairs)}" if pairs else "")


def see(location: str, status: int = 302) -> Response:
    """A redirect that caches keep as long as pages."""
    return Response(b"", status, {"Location": location, "Cache-Control": "no-cache"}, content_type="text/plain")


def _without_empty_parameters() -> str | None:
    """The address that a form means whose fields were partly left empty; None for any other."""
    pairs = sent()
    filled = [(name, value) for name, value in pairs if value.strip()]
    if len(filled) == len(pairs):
        return None
    return root() + request.path + (f"?{urlencode(filled)}" if filled else "")


def _missing(error: NoSuchRecord, record_type: str | None) -> Response:
    """Redirect to the record that one was merged into; raise why any other is missing."""
    if record_type is not None and type(error) is NoSuchRecord:
        error = why_missing(record_type, str(error))
    if not isinstance(error, MergedAway):
        raise error from None
    before, _, after = request.path.partition(f"/{error.record_id}")
    query = request.query_string.decode("latin-1")
    return see(f"{root()}{before}/{error.into}{after}" + (f"?{query}" if query else ""), 308)


@cache
def environment() -> Environment:
    """The templates, in which everything is escaped that is not HTML of ours."""
    made = Environment(
        loader=FileSystemLoader(str(files("api.pages") / "templates")),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals |= {
        "asset": lambda name: root() + assets.path(name),
        "draw": drawings,
        "named": named,
        "together": together,
        "nouns": languages,
    }
    return made
