"""The installed package: everything it needs is in the wheel, and it works outside the repository."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SOURCES = ("api", "schemas", "fixtures", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")
PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")


def _pip(*arguments: str) -> None:
    subprocess.run([*PIP, *arguments], check=True, capture_output=True, timeout=300)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the sources, so that nothing is left in the repository; setuptools must not warn."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source / name)
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(target)!r})"
    subprocess.run(
        [sys.executable, "-W", "error", "-c", build], cwd=source, check=True, capture_output=True, timeout=300
    )
    (found,) = target.glob("tasrih-*.whl")
    return found


def test_the_wheel_holds_all_that_is_read_when_the_service_runs(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        str(file.relative_to(ROOT))
        for pattern in (
            "api/**/*.py",
            "api/**/*.sql",
            "schemas/**/*.py",
            "schemas/**/*.json",
            "fixtures/**/*.json",
            "*/py.typed",
        )
        for file in ROOT.glob(pattern)
        if "__pycache__" not in file.parts
    }
    assert any(name.startswith("api/migrations/0001") for name in needed)
    assert needed - held == set()


def test_the_pinned_versions_are_within_the_bounds_of_setup_cfg() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    for extra, pins in (
        ("", "runtime"),
        ("dev", "dev"),
        ("linguistics", "linguistics"),
        ("mcp", "mcp"),
        ("parquet", "parquet"),
    ):
        text = (ROOT / "requirements" / f"{pins}.txt").read_text(encoding="utf-8")
        pinned = {canonicalize_name(name): version for name, version in PIN.findall(text)}
        wanted = config["options.extras_require"][extra] if extra else config["options"]["install_requires"]
        for requirement in map(Requirement, wanted.split("\n")[1:]):
            assert pinned[canonicalize_name(requirement.name)] in requirement.specifier, requirement.name


def test_the_wheel_installs_nothing_but_the_packages(wheel: Path) -> None:
    roots = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {root for root in roots if not root.endswith(".dist-info")} == {"api", "schemas", "fixtures"}


SCRIPT = """
import api
from api.application import create_app
from api.settings import from_environment
print(api.__file__)
client = create_app(from_environment()).test_client()
print(client.get("/v1/speakers/antonio-guterres").get_json()["name"]["en"])
print(client.get("/docs").status_code, client.get("/openapi.yaml").status_code)
"""


def test_the_installed_program_works_in_any_folder(wheel: Path, tmp_path: Path) -> None:
    target, elsewhere = tmp_path / "target", tmp_path / "elsewhere"
    elsewhere.mkdir()
    _pip("install", "--no-deps", "--no-index", "--target", str(target), str(wheel))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(target)}

    def run(*command: str) -> str:
        ended = subprocess.run(
            command, cwd=elsewhere, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert (ended.returncode, ended.stderr) == (0, "")
        return ended.stdout

    program = [sys.executable, str(target / "bin" / "tasrih")]
    assert "Migrated" in run(*program, "migrate")
    assert "Loaded the five-article corpus" in run(*program, "load")
    assert run(*program, "check") == "The database is sound.\n"
    imported, name, statuses = run(sys.executable, "-c", SCRIPT).splitlines()
    assert Path(imported).is_relative_to(target)
    assert name == "António Guterres"
    assert statuses == "200 200"
    assert (elsewhere / "tasrih.db").exists()
