"""One test of many cases that share their fixtures: it checks them all, and reports each one that fails."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from typing import Any, NamedTuple

from _pytest.mark import ParameterSet

Test = Callable[..., None]

MOST_SHOWN = 10  # of the failures of a test with their tracebacks; the others are named
LONGEST = 100  # characters of the name of a case


class _Case(NamedTuple):
    name: str
    values: Sequence[Any]


def every(
    names: str | Sequence[str], cases: Iterable[Any], ids: Callable[[Any], str] | None = None
) -> Callable[[Test], Test]:
    """Like `pytest.mark.parametrize`, but within one test, for cases that only read: pytest takes three milliseconds for each test.

    A test may have several of these decorators, and then checks every combination. What fails is an exception group that
    names all cases that fail.
    """
    arguments = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    known = [_case(case, len(arguments), ids) for case in cases]
    assert known, "no case to check"

    def decorate(test: Test) -> Test:
        @wraps(test)
        def check_every(**fixtures: Any) -> None:
            failed = dict(_failures(test, fixtures, arguments, known))
            if failed:
                sentence = f"{len(failed)} of {len(known)} cases fail: {'; '.join(failed)}"
                raise ExceptionGroup(sentence, list(failed.values())[:MOST_SHOWN])

        signature = inspect.signature(test)
        left = [each for name, each in signature.parameters.items() if name not in arguments]
        check_every.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
        return check_every

    return decorate


def _case(case: Any, count: int, ids: Callable[[Any], str] | None) -> _Case:
    """A case as `parametrize` would take it: a value, a tuple of values, or a `pytest.param`."""
    name = None
    if isinstance(case, ParameterSet):
        values, name = case.values, case.id
    else:
        values = tuple(case) if count > 1 else (case,)
    shown = name or ", ".join(map(ids or repr, values))
    return _Case(str(shown)[:LONGEST], values)


def _failures(
    test: Test, fixtures: dict[str, Any], arguments: Sequence[str], cases: Iterable[_Case]
) -> Iterator[tuple[str, Exception]]:
    for number, case in enumerate(cases, 1):
        try:
            test(**fixtures, **dict(zip(arguments, case.values, strict=True)))
        except Exception as failure:
            failure.add_note(f"Case {number}: {case.name}")
            yield f"{number}: {case.name}", failure
