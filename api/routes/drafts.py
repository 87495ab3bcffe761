"""Drafts: an article in, proposed statements out, and nothing stored."""

from typing import Any

import orjson
from flask import Response, request
from marshmallow import fields

from api.drafting import documents, markup
from api.drafting.drafts import About, Draft
from api.drafting.text.words import count
from api.errors import InvalidDocuments, InvalidParameters, Issue
from api.evidence.texts import NotText, UnreadableText, decoded, normalised
from api.http.media_types import HTML, JSON, NDJSON, PLAIN_TEXT
from api.http.negotiation import preferred
from api.http.operations import Operation, Tag
from api.http.request_bodies import loaded_body, raw_body
from api.texts.drafting import drafted
from schemas.answers.drafts import LONGEST_TEXT, MOST_TOKENS, DraftRequestSchema, DraftSchema
from schemas.fields import EDTFDate, Language, Text
from schemas.parameters.query_schema import QuerySchema
from schemas.values.normal_form import UNSAFE, NotStreamSafe

TAG = Tag("drafting", "Proposals of what an article says, for a person to confirm.")
PAGE = HTML.partition(";")[0]


class DraftQuery(QuerySchema):
    """The parameters of a draft. What is known of an article stands here when its text is the whole body."""

    explain = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=False,
        metadata={"description": "Whether to name the rules that made each statement.", "example": True},
    )
    title = Text(300, metadata={"description": "The article's title; of a body in JSON, there."})
    publisher = Text(200, metadata={"description": "Its publisher: a name, or the id of a speaker."})
    published = EDTFDate(metadata={"description": "When it was published (EDTF)."})
    language = Language(metadata={"description": "`ar` or `en`; found out from the text unless given."})


def draft_statements(query: dict[str, Any]) -> Response:
    """Draft the statements of an article.

    Reads Arabic and English by rules and by the names of the stored records; sends nothing anywhere and stores nothing. Send
    JSON, or the text or the page alone. Each span is of the text (NFC, LF; positions in code points). With
    `Accept: application/x-ndjson` the answer is documents ready for `POST /v1/import`, once a person has looked at them.
    """
    source, about = _sent(query)
    is_page = request.mimetype == PAGE or markup.is_html(source)
    text = normalised(markup.text_of(source)) if is_page else source
    _limit_words(text)
    draft = drafted(text, about)
    draft["article"]["text"] = text if is_page else None
    if preferred({"json": (JSON,), "ndjson": (NDJSON,)}) == "ndjson":
        return _answer(_lines(draft), NDJSON)
    if not query["explain"]:
        for statement in draft["statements"]:
            del statement["rules"]
    return _answer(orjson.dumps(draft), JSON)


def _sent(query: dict[str, Any]) -> tuple[str, About]:
    """The text of the request and what it says about the article."""
    if request.mimetype in (PLAIN_TEXT, PAGE):
        named = {name: query.get(name) for name in ("title", "publisher", "published", "language")}
        return _decoded(raw_body(JSON, PLAIN_TEXT, PAGE)), About(**named)
    given = [name for name in ("title", "publisher", "published", "language") if name in query]
    if given and request.mimetype == JSON:
        raise InvalidParameters([Issue("Belongs into the body, which is JSON.", parameter=name) for name in given])
    raw_body(JSON, PLAIN_TEXT, PAGE)
    document = loaded_body(DraftRequestSchema())
    text = document.pop("text")
    return _normalised(text), About(**document)


def _decoded(raw: bytes) -> str:
    try:
        text = decoded(raw)
    except (NotText, UnreadableText) as error:
        raise InvalidDocuments([Issue(f"The body {error}.")]) from None
    if len(text) > LONGEST_TEXT:
        raise InvalidDocuments([Issue(f"Has {len(text):,} characters; at most {LONGEST_TEXT:,} are drafted.")])
    return _normalised(text)


def _normalised(text: str) -> str:
    try:
        return normalised(text)
    except NotStreamSafe:
        raise InvalidDocuments([Issue(UNSAFE)]) from None


def _limit_words(text: str) -> None:
    if not any(character.isalnum() for character in text):
        raise InvalidDocuments([Issue("Has no words.")])
    if (tokens := count(text)) > MOST_TOKENS:
        raise InvalidDocuments([Issue(f"Has {tokens:,} words and signs; at most {MOST_TOKENS:,} are drafted.")])


def _lines(draft: Draft) -> bytes:
    if draft["article"]["published"] is None:
        raise InvalidParameters(
            [Issue("Is missing: the text gives no date, and the record of an article has one.", parameter="published")]
        )
    return b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in documents.lines(draft))


def _answer(body: bytes, media_type: str) -> Response:
    response = Response(body, 200, content_type=media_type)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


OPERATIONS = (
    Operation(
        method="POST",
        rule="/v1/drafts",
        view=draft_statements,
        tag=TAG,
        query=DraftQuery(),
        answer=DraftSchema,
        media_types=(JSON, NDJSON),
        statuses=(400, 413, 415, 422),
        body="DraftRequest",
        stores=False,
    ),
)
