"""What the clients in this repository have of the contract is what it says now."""

from pathlib import Path

from generate_records import TARGET, module

CLIENTS = Path(__file__).parents[2] / "clients"


def test_the_records_of_the_python_client_are_those_of_the_contract() -> None:
    assert TARGET.read_text(encoding="utf-8") == module(), "run 'make openapi'"


def test_the_readmes_are_short() -> None:
    for readme in CLIENTS.glob("*/README.md"):
        assert len(readme.read_text(encoding="utf-8").splitlines()) <= 30, readme
