"""The tools: each a query of the service, and an answer of at most 10 kB with a cursor to go on with.

A TypedDict as return type gives clients structured content; on Python 3.11 pydantic takes those of typing_extensions only.
"""

from collections.abc import Callable
from typing import Any, Literal, NotRequired
from urllib.parse import parse_qs, quote, urlsplit

from typing_extensions import TypedDict

from api.assistants.rows import (
    Row,
    agreement_row,
    coverage_row,
    figure_row,
    shortened,
    size_of,
    statement_details,
    statement_row,
    suggestion_row,
)
from api.remote.service import Service

MOST_BYTES = 10_000
"""Of an answer as JSON in UTF-8, also where a client indents it."""

MOST_ROWS = 25  # of 300 bytes, which leaves room for a cursor, and for indenting

_NEEDED = ("date", "act", "speakers", "summary", "reports", "agreements")
_LONGEST_TEXT = 500  # bytes of a quotation or a summary in an answer about one statement


class Rows(TypedDict):
    """Some rows. An `iri` is an address below `service`; `cursor` leads to the next rows, null at the end."""

    service: str
    rows: list[dict[str, Any]]
    cursor: str | None
    note: NotRequired[str]


class Details(TypedDict):
    """One record. `note` says what was left out."""

    service: str
    record: dict[str, Any]
    note: NotRequired[str]


class Tools:
    """The tools, on one service. Every answer is read with a GET; nothing can be changed."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def find(self, name: str, language: str = "en") -> Rows:
        """Find speakers, agreements, events and places by any of their names or the beginning of one, in Arabic or English.

        Use the ids with the other tools.
        """
        found = self._get("/v1/suggest", {"q": name, "limit": MOST_ROWS})["data"]
        return self._rows([suggestion_row(each, language) for each in found], None)

    def statements(
        self,
        words: str | None = None,
        speaker: str | None = None,
        agreement: str | None = None,
        event: str | None = None,
        place: str | None = None,
        act: str | None = None,
        since: str | None = None,
        until: str | None = None,
        first_hand: bool | None = None,
        cursor: str | None = None,
        language: str = "en",
    ) -> Rows:
        """List official statements, the latest first: who said what, when, and according to whom.

        Filters are ids (see find), terms such as welcome, deny or accuse for act, and dates such as 2020-12 or 2020-12-04.
        Cite every statement with its `cite` phrase.
        """
        query = {"q": words, "speaker": speaker, "agreement": agreement, "event": event, "place": place, "act": act}
        dates = {"since": since, "until": until, "first_hand": None if first_hand is None else str(first_hand).lower()}
        return self._statements({**query, **dates}, cursor, lambda statement: statement_row(statement, language))

    def statements_on_agreement(
        self, agreement: str, relation: str | None = None, cursor: str | None = None, language: str = "en"
    ) -> Rows:
        """List what was said about an agreement, with how each statement relates to it: welcomes, accuses-of-violating, ..."""
        query = {"agreement": agreement, "relation": relation}
        return self._statements(query, cursor, lambda statement: agreement_row(statement, agreement, language))

    def statement(self, id: str, language: str = "en") -> Details:
        """Read one statement: speakers and their offices, text, agreements, figures, and every report with its chain."""
        record_id = id.rpartition("/")[2]
        document = self._get(f"/v1/statements/{quote(record_id, safe='')}", {})
        return self._details(statement_details(document, language))

    def figures(
        self,
        measure: str | None = None,
        claimant: str | None = None,
        party: str | None = None,
        event: str | None = None,
        since: str | None = None,
        until: str | None = None,
        cursor: str | None = None,
        language: str = "en",
    ) -> Rows:
        """List figures that were claimed: who says how many of what, about whom. Different claims are no verdict on either."""
        query = {
            "measure": measure,
            "claimant": claimant,
            "party": party,
            "event": event,
            "since": since,
            "until": until,
        }
        page = self._get("/v1/figures", {**query, "cursor": cursor, "limit": MOST_ROWS})
        return self._rows([figure_row(each, language) for each in page["data"]], page)

    def coverage(
        self,
        publisher: str | None = None,
        since: str | None = None,
        until: str | None = None,
        cursor: str | None = None,
        language: str = "en",
    ) -> Rows:
        """Tell what was read, publisher by publisher: how many articles and how completely, and how many days are covered.

        Ask before saying that something was not said: where nothing was read, silence is not absence.
        """
        query = {"publisher": publisher, "since": since, "until": until, "cursor": cursor, "limit": MOST_ROWS}
        page = self._get("/v1/coverage", query)
        return self._rows([coverage_row(each, language) for each in page["data"]], page)

    def timeline(
        self,
        interval: Literal["day", "week", "month", "year"] = "month",
        speaker: str | None = None,
        agreement: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Rows:
        """Count statements by the day, week, month or year in which they were made."""
        query = {"interval": interval, "speaker": speaker, "agreement": agreement, "since": since, "until": until}
        spans: list[Row] = self._get("/v1/statements/timeline", query)["data"]
        answer = self._rows(spans[:_MOST_SPANS], None)
        if len(spans) > _MOST_SPANS:
            answer["note"] = f"Only the first {_MOST_SPANS} of {len(spans)} spans: narrow it with since and until."
        return answer

    def _statements(self, query: dict[str, Any], cursor: str | None, row: Callable[[dict[str, Any]], Row]) -> Rows:
        fields = {"fields": ",".join(_NEEDED), "cursor": cursor, "limit": MOST_ROWS}
        order = {} if query.get("q") else {"sort": "-date"}
        page = self._get("/v1/statements", {**query, **order, **fields})
        return self._rows([row(statement) for statement in page["data"]], page)

    def _rows(self, rows: list[Row], page: dict[str, Any] | None) -> Rows:
        answer: Rows = {"service": self._service.url, "rows": rows, "cursor": _cursor_of(page)}
        if not rows:
            answer["note"] = self._about_silence(page)
        return answer

    def _about_silence(self, page: dict[str, Any] | None) -> str:
        """What an empty answer does not say: that nothing was said."""
        articles = (page or {}).get("coverage", {}).get("articles")
        if articles is None:
            articles = self._get("/v1/articles", {"fields": "id", "limit": 1, "total": "exact"})["page"]["total"]
        warnings = " ".join(warning["detail"] for warning in (page or {"page": {}})["page"].get("warnings", ()))
        return shortened(
            f"Nothing was found in the statements of the {articles} articles that this service has read, which does not mean"
            f" that nothing was said. {warnings}".strip(),
            1000,
        )

    def _details(self, record: Row) -> Details:
        """A record within the limit: long texts are cut, and the last reports left out."""
        shorter = _with_short_texts(record)
        reports: list[Row] = list(shorter["reports"])
        while size_of(shorter) > _ROOM and len(reports) > 1:
            reports.pop()
            shorter = {**shorter, "reports": reports}
        answer: Details = {"service": self._service.url, "record": shorter}
        if shorter != record:
            missing = len(record["reports"]) - len(reports)
            answer["note"] = f"Texts are cut and {missing} reports left out: the whole record is at its iri."
        return answer

    def _get(self, path: str, query: dict[str, Any]) -> Any:
        return self._service.get(path, {name: value for name, value in query.items() if value is not None}).json


_MOST_SPANS = 60
_ROOM = MOST_BYTES - 3_000  # clients indent what they show


def _cursor_of(page: dict[str, Any] | None) -> str | None:
    following = page["page"]["next"] if page else None
    return parse_qs(urlsplit(following).query)["cursor"][0] if following else None


def _with_short_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_short_texts(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_short_texts(each) for each in value]
    return shortened(value, _LONGEST_TEXT) if isinstance(value, str) else value
