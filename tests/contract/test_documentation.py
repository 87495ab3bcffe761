"""Nothing that a user or operator may need is left out of README.md and docs/."""

import re
from pathlib import Path

import pytest
from click import Group
from documented import DOCUMENT
from every import every

from api.commands.main import main
from api.http.problems.problem import Problem
from api.http.problems.table import PROBLEMS
from api.settings import VARIABLES

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
LINKING = [*PAGES, ROOT / "CHANGELOG.md", ROOT / "fixtures" / "README.md"]
WRITTEN = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

ENDPOINTS = list(DOCUMENT["paths"])
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
COMMANDS = {
    name: command
    for group, inner in main.commands.items()
    for name, command in (
        {f"{group} {one}": each for one, each in inner.commands.items()} if isinstance(inner, Group) else {group: inner}
    ).items()
}
OPTIONS = [
    (name, option)
    for name, command in COMMANDS.items()
    for parameter in command.params
    for option in parameter.opts
    if option.startswith("--")
]


def mentioned(term: str) -> bool:
    """Whether the pages name it, and not only something longer that it is part of."""
    return re.search(rf"(?<![\w/}}-]){re.escape(term)}(?![\w/{{-])", WRITTEN) is not None


@pytest.mark.parametrize("variable", VARIABLES.values())
def test_every_setting_is_documented(variable: str) -> None:
    assert mentioned(variable)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert mentioned(f"tasrih {command}")


@every(("command", "option"), OPTIONS)
def test_every_option_of_a_command_is_documented(command: str, option: str) -> None:
    assert re.search(rf"tasrih {command}\b.*{option}\b", WRITTEN)


@every("path", ENDPOINTS)
def test_every_endpoint_is_documented(path: str) -> None:
    assert mentioned(path)


@every("target", TARGETS)
def test_every_make_target_is_documented(target: str) -> None:
    assert mentioned(f"make {target}")


@every("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_every_type_of_problem_is_documented(problem: Problem) -> None:
    assert mentioned(problem.type) or mentioned(problem.name)


@every("page", LINKING, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_the_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links {target}"


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every("page", LINKING, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_section_leads_to_one(page: Path) -> None:
    for target, anchor in re.findall(
        r"\]\((?!https?:|mailto:)([^)#\s]*)#([^)\s]+)\)", page.read_text(encoding="utf-8")
    ):
        linked = page.parent / target if target else page
        assert anchor in anchors(linked), f"{page.name} links {target}#{anchor}"


def test_what_the_pages_call_with_make_exists() -> None:
    assert set(re.findall(r"`make ([a-z-]+)", WRITTEN)) <= set(TARGETS)


def test_the_index_lists_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^- \[(.*?)\]\((.*?)\): .", index, re.MULTILINE)
    assert all(name == target for name, target in listed)
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert sorted(name for name, _ in listed) == sorted(pages)


def test_the_readme_can_be_read_in_one_sitting() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 250


def test_the_files_of_pinned_versions_that_the_pages_name_exist() -> None:
    named = set(re.findall(r"requirements/\w+\.txt", WRITTEN))
    assert named
    assert all((ROOT / name).is_file() for name in named)
