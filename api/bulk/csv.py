"""Statements as a table: CSV (RFC 4180) that spreadsheets open as intended.

Excel recognises UTF-8 by a byte order mark. A cell that a spreadsheet would take for a formula gets an apostrophe before
it, as spreadsheets themselves mark text. So does a cell that begins with an apostrophe: a program that removes the first
apostrophe of a cell then has the original text.
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Document = dict[str, Any]

BYTE_ORDER_MARK = "\ufeff".encode()
_FORMULAS = "=+-@\uff1d\uff0b\uff0d\uff20"
"""The characters that a formula may begin with, also in full width, which spreadsheets may read alike."""
_SEPARATOR = "; "


def cell(value: Any) -> str:
    """A value as the text of a cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _SEPARATOR.join(map(cell, value))  # its first item is no formula
    return f"'{value}" if value.startswith("'") or _is_formula(value) else str(value)


def _is_formula(text: str) -> bool:
    """Whether a text begins like a formula, after invisible characters; a tab or line end may split it into two cells."""
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
    "id": lambda statement: statement["id"],
    "date": lambda statement: statement["date"],
    "date_earliest": lambda statement: statement["date_earliest"],
    "date_latest": lambda statement: statement["date_latest"],
    "date_basis": lambda statement: statement["date_basis"],
    "speakers": lambda statement: _ids(_speakers(statement)),
    "speakers_en": lambda statement: _names(_speakers(statement), "en"),
    "speakers_ar": lambda statement: _names(_speakers(statement), "ar"),
    "act": lambda statement: statement["act"],
    "summary_en": lambda statement: statement["summary"].get("en"),
    "summary_ar": lambda statement: statement["summary"].get("ar"),
    "on_behalf_of": lambda statement: _ids(statement["on_behalf_of"]),
    "addressees": lambda statement: _ids(statement["addressees"]),
    "targets": lambda statement: _ids(statement["targets"]),
    "agreements": lambda statement: _ids(item["agreement"] for item in statement["agreements"]),
    "places": lambda statement: _ids(statement["places"]),
    "topics": lambda statement: statement["topics"],
    "communique": lambda statement: statement["communique"] and statement["communique"]["id"],
    "event": lambda statement: statement["event"] and statement["event"]["id"],
    "articles": lambda statement: _ids(report["article"] for report in statement["reports"]),
    "first_hand": lambda statement: statement["first_hand"],
    "first_hand_for": lambda statement: _ids(statement["first_hand_for"]),
}
COLUMNS = (*_COLUMNS, "url")


DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
"""What may stand between cells. Excel expects a semicolon in countries that write a decimal comma."""


def header(delimiter: str = "comma") -> bytes:
    """The byte order mark and the first row, with the names of the columns."""
    return BYTE_ORDER_MARK + _written([COLUMNS], delimiter)


def rows(statements: Iterable[Document], base: str, delimiter: str = "comma") -> bytes:
    """A row for each statement; `base` is the address of this service, before `/v1`."""
    table = (
        [
            *(cell(value(statement)) for value in _COLUMNS.values()),
            cell(f"{base}/v1/statements/{statement['id']}"),
        ]
        for statement in statements
    )
    return _written(table, delimiter)


def _written(table: Iterable[Sequence[str]], delimiter: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=DELIMITERS[delimiter], lineterminator="\r\n").writerows(table)
    return text.getvalue().encode()
