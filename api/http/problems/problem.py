"""What a kind of problem is: a row of the table of problems."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Detail = str | Callable[[Any], str]
Header = Callable[[Any], str | None]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One kind of problem: its name, when it is answered, and its sentences.

    `details` maps each exception that raises it to a sentence, a format string with `error` in it or a function of the
    exception. Where several rows name an exception, the first whose `applies` holds answers it. A header is a function of
    the exception that gives its value, or None to leave it out; those `always` there are promised by the contract.
    `example` is the detail shown in the contract.
    """

    name: str
    status: int
    title: str
    details: Mapping[type[Exception], Detail]
    example: str = ""
    applies: Callable[[Any], bool] = lambda error: True
    headers: Mapping[str, Header] = field(default_factory=dict)
    always: tuple[str, ...] = ()
    issues: Callable[[Any], list[dict[str, Any]]] = lambda error: []
    example_issues: tuple[Mapping[str, Any], ...] = ()

    @property
    def type(self) -> str:
        """The stable URN that clients compare."""
        return f"urn:tasrih:problem:{self.name}"
