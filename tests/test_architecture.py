"""docs/architecture.md and tests/README.md: the rooms are those of the code, and the two ways go through the functions named."""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from changing import Writer
from flask.testing import FlaskClient

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
STATEMENT = "/v1/statements/premier-answers"


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def named_in(title: str) -> list[str]:
    """The functions that a section lists, in its order."""
    return re.findall(r"^\d+\. `([\w.]+)`:", section(title), re.MULTILINE)


@contextmanager
def calls_noted() -> Iterator[list[str]]:
    """Every call of a function of the service in here, in order, by its module and qualified name."""
    calls: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        module = frame.f_globals.get("__name__", "")
        if event == "call" and module.startswith("api."):
            calls.append(f"{module}.{frame.f_code.co_qualname}")

    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(None)


def follows(calls: list[str], names: list[str]) -> list[str]:
    """Those of the names, from the first one on, that are not called in this order."""
    rest = iter(calls)
    for position, name in enumerate(names):
        if name not in rest:
            return names[position:]
    return []


def test_a_read_goes_the_way_that_the_page_describes(client: FlaskClient) -> None:
    with calls_noted() as calls:
        answer = client.get("/v1/statements?speaker=antonio-guterres&act=welcome&limit=7")
    assert answer.status_code == 200
    assert len(named_in("A read")) > 8
    assert follows(calls, named_in("A read")) == []


def test_a_write_goes_the_way_that_the_page_describes(writer: Writer) -> None:
    document, headers = writer.get(STATEMENT), {"if_match": writer.etag(STATEMENT)}
    document["summary"]["en"] = "One word is another."
    with calls_noted() as calls:
        answer = writer.send("PUT", STATEMENT, document, **headers)
    assert answer.status_code == 200
    assert len(named_in("A write")) > 15
    assert follows(calls, named_in("A write")) == []


def floors() -> list[list[str]]:
    """The floors of the house, the highest first, as import-linter is told."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract.get("containers") == ["api"]]
    return [[room.strip() for room in floor.split("|")] for floor in layers]


def test_the_picture_shows_the_floors_that_are_held() -> None:
    drawn = re.findall(r'^  floor\d+\["(.*)"\]$', section("Rooms"), re.MULTILINE)
    assert [floor.split(" · ") for floor in drawn] == floors()


def in_api(suits: Callable[[Path], bool]) -> set[str]:
    return {path.stem for path in (ROOT / "api").iterdir() if suits(path) and not path.stem.startswith("__")}


def test_every_room_is_listed_by_what_its_docstring_says() -> None:
    listed = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", section("Rooms"), re.MULTILINE))
    packages, modules = in_api(Path.is_dir), in_api(lambda path: path.suffix == ".py")
    assert listed.keys() == packages | modules == {room for floor in floors() for room in floor}
    for room, sentence in listed.items():
        file = ROOT / "api" / (f"{room}/__init__.py" if room in packages else f"{room}.py")
        docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        assert docstring.split("\n\n")[0].replace("\n", " ") == sentence


def test_no_floor_is_crowded() -> None:
    assert len(in_api(lambda path: path.suffix == ".py")) <= 5
    for package in in_api(Path.is_dir):
        modules = list((ROOT / "api" / package).glob("[a-z]*.py"))
        assert len(modules) <= 16, package
    for folder in (ROOT / "schemas", *(path for path in (ROOT / "schemas").iterdir() if path.is_dir())):
        assert len(list(folder.glob("[a-z]*.py"))) <= 16, folder


def test_the_guide_to_the_tests_lists_every_folder_and_every_helper() -> None:
    tests = ROOT / "tests"
    folders, helpers = (tests / "README.md").read_text(encoding="utf-8").split("\n## Helpers\n")
    of_folders, of_helpers = (
        {name for row in re.findall(rows, part, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
        for part, rows in ((folders, r"^\| (`.*?) \|"), (helpers, r"^\| .* \| (`.*`) \|$"))
    )
    assert of_folders == {path.name for path in tests.iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert of_helpers == {path.stem for path in tests.glob("*.py") if not path.stem.startswith("test_")} - {"conftest"}
