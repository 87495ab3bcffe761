"""Statements as rows of a spreadsheet: CSV (RFC 4180) that Excel opens as it is meant.

A byte order mark tells Excel that the text is UTF-8. A cell that a spreadsheet would take for a formula gets an
apostrophe before it, as these programs themselves write text; so does one that begins with an apostrophe, so that a program
that takes one away has the text as it was.
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Document = dict[str, Any]

BEGINNING = "\ufeff".encode()
_FORMULAS = "=+-@\uff1d\uff0b\uff0d\uff20"
"""What a formula begins with, also in full width, which some programs read alike."""
_SEPARATOR = "; "


def cell(value: Any) -> str:
    """A value as the text of a cell that no spreadsheet calculates."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _SEPARATOR.join(map(cell, value))  # no formula: its first item is none
    return f"'{value}" if value.startswith("'") or _is_formula(value) else str(value)


def _is_formula(text: str) -> bool:
    """Whether a text begins, after what is not seen, like a formula; a tab or line end may take it into another cell."""
    for character in text:
        if character in "\t\r\n" or character in _FORMULAS:
            return True
        if unicodedata.category(character) not in ("Zs", "Zl", "Zp", "Cc", "Cf"):
            return False
    return False


def _ids(references: Iterable[Document | None]) -> list[str]:
    return list(dict.fromkeys(reference["id"] for reference in references if reference is not None))


def _names(references: Iterable[Document], language: str) -> list[str]:
    return [reference["name"].get(language, "") for reference in references]


def _speakers(statement: Document) -> list[Document]:
    return [item["speaker"] for item in statement["speakers"]]


_COLUMNS: dict[str, Callable[[Document], Any]] = {
    "id": lambda one: one["id"],
    "date": lambda one: one["date"],
    "date_earliest": lambda one: one["date_earliest"],
    "date_latest": lambda one: one["date_latest"],
    "date_basis": lambda one: one["date_basis"],
    "speakers": lambda one: _ids(_speakers(one)),
    "speakers_en": lambda one: _names(_speakers(one), "en"),
    "speakers_ar": lambda one: _names(_speakers(one), "ar"),
    "act": lambda one: one["act"],
    "summary_en": lambda one: one["summary"].get("en"),
    "summary_ar": lambda one: one["summary"].get("ar"),
    "on_behalf_of": lambda one: _ids(one["on_behalf_of"]),
    "addressees": lambda one: _ids(one["addressees"]),
    "targets": lambda one: _ids(one["targets"]),
    "agreements": lambda one: _ids(item["agreement"] for item in one["agreements"]),
    "places": lambda one: _ids(one["places"]),
    "topics": lambda one: one["topics"],
    "communique": lambda one: one["communique"] and one["communique"]["id"],
    "event": lambda one: one["event"] and one["event"]["id"],
    "articles": lambda one: _ids(report["article"] for report in one["reports"]),
    "first_hand": lambda one: one["first_hand"],
    "first_hand_for": lambda one: _ids(one["first_hand_for"]),
}
COLUMNS = (*_COLUMNS, "url")


def header() -> bytes:
    """The first row, with the names of the columns."""
    return BEGINNING + _written([COLUMNS])


def rows(statements: Iterable[Document], base: str) -> bytes:
    """One row for each statement; `base` is the address of this service, before `/v1`."""
    return _written(
        [
            *(cell(value(statement)) for value in _COLUMNS.values()),
            cell(f"{base}/v1/statements/{statement['id']}"),
        ]
        for statement in statements
    )


def _written(rows_of_cells: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows_of_cells)
    return text.getvalue().encode()
