"""The entries of `errors`: what is wrong, and where, one for each issue."""

from collections.abc import Callable
from typing import Any

from api.errors import BreaksReferences, InvalidDocuments, InvalidLines, InvalidParameters, Issue, StillReferenced

MOST_LISTED = 1000  # issues; a body full of them can have more, and so large an answer helps nobody


def entry_of(issue: Issue) -> dict[str, Any]:
    """One entry of `errors`: what is wrong, and where."""
    if issue.parameter is not None:
        return {"parameter": issue.parameter, "detail": issue.detail}
    entry = {"pointer": issue.pointer, "detail": issue.detail}
    if issue.line is not None:
        return {"line": issue.line, **entry}
    return entry if issue.document is None else {"document": issue.document, **entry}


def all_issues(error: InvalidParameters | InvalidLines) -> list[dict[str, Any]]:
    """Every issue."""
    return [entry_of(issue) for issue in error.issues]


def first_issues(error: InvalidDocuments | BreaksReferences) -> list[dict[str, Any]]:
    """The first 1,000 issues."""
    return [entry_of(issue) for issue in error.issues[:MOST_LISTED]]


def issues_of_document(error: InvalidDocuments) -> list[dict[str, Any]]:
    """Every issue of lines, which were counted before, and the first 1,000 of a document."""
    return all_issues(error) if isinstance(error, InvalidLines) else first_issues(error)


def listing(sentence: str) -> Callable[[InvalidDocuments | BreaksReferences], str]:
    """A sentence about issues that says so where not all of them are listed."""

    def detail(error: InvalidDocuments | BreaksReferences) -> str:
        number = len(error.issues)
        return sentence.format(part=f": the first {MOST_LISTED} of {number}" if number > MOST_LISTED else "")

    return detail


def referrers(error: StillReferenced) -> list[dict[str, Any]]:
    """The first 1,000 records that refer to the one that was to be deleted."""
    return [{"document": referrer, "detail": "Refers to it."} for referrer in error.referrers[:MOST_LISTED]]


def still_referenced(error: StillReferenced) -> str:
    """How many records refer to it, and what to do."""
    number = len(error.referrers)
    if number == 1:
        return f"{error} refers to it. Change that first."
    part = f"the first {MOST_LISTED} of {number}" if number > MOST_LISTED else "them"
    return f"{number} records refer to it; errors lists {part}. Change or delete those first."
