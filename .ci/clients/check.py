"""Makes clients of openapi.yaml with six generators, one of them in two languages, compiles them strictly, and drives each against a running service.

So it does with our own client in TypeScript (clients/typescript), which it also packs.

The service listens on 127.0.0.1 and has a database of its own, thrown away in the end. Run by `make clients`, with the
environment of the service; the generators are in the environments beside this file.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from urllib.request import urlopen

import yaml

HERE = Path(__file__).parent
CONTRACT = HERE.parents[1] / "openapi.yaml"
GENERATED = HERE / "generated"
PYTHON_TOOLS = HERE / ".venv" / "bin"
OWN = HERE.parents[1] / "clients" / "typescript"
NODE_TOOLS = HERE / "node_modules" / ".bin"
SERVICE = str(Path(sys.executable).with_name("tasrih"))
LONGEST = 300  # seconds of any one step, on a busy machine
MOST_SHOWN = 6000  # characters of what a failed step printed, from the end

_OPERATIONS = {
    operation["operationId"]: {status for status in operation["responses"] if not status.startswith("3")}
    for methods in yaml.load(CONTRACT.read_bytes(), yaml.CSafeLoader)["paths"].values()
    for method, operation in methods.items()
    if method != "parameters"
}
"""The statuses that each operation answers with, but for redirections, which clients follow."""


class Failed(Exception):
    """A step that did not succeed, with what it printed."""


def run(*command: str | Path, **environment: str) -> str:
    """What a command prints; raise Failed when it fails."""
    ended = subprocess.run(
        [str(part) for part in command],
        cwd=HERE,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    if ended.returncode:
        raise Failed(f"{' '.join(map(str, command))}\n{(ended.stdout + ended.stderr)[-MOST_SHOWN:]}")
    return ended.stdout


def openapi_python_client() -> None:
    """The generator warns of the media type of NDJSON, which it does not know, and sends lines as octets."""
    target = GENERATED / "made_by_openapi_python_client"
    options = ("--meta", "none", "--config", "openapi-python-client.yaml", "--output-path", target)
    run(PYTHON_TOOLS / "openapi-python-client", "generate", "--path", CONTRACT, *options)
    for operation, statuses in _OPERATIONS.items():
        [module] = target.glob(f"api/*/{operation}.py")
        handled = set(re.findall(r"response\.status_code == (\d+)", module.read_text(encoding="utf-8")))
        require(statuses <= handled, f"openapi-python-client left out {statuses - handled} of {operation}")


def openapi_generator() -> None:
    """Two clients by one run: Java takes longer to start than to make them."""
    generators = ("openapi-generator-python.yaml", "openapi-generator-typescript.yaml")
    batch = "from openapi_generator_cli import cli; cli()"
    run(PYTHON_TOOLS / "python", "-c", batch, "batch", *generators)
    made = _text_of(GENERATED / "made_by_openapi_generator" / "api", "*.py")
    for operation, statuses in _OPERATIONS.items():
        handled = set(re.findall(r"'(\d+)': ", made.partition(f"    def {operation}(")[2].partition("return self")[0]))
        require(statuses <= handled, f"openapi-generator left out {statuses - handled} of {operation}")
    _require_functions("openapi-generator", _text_of(GENERATED / "openapi-generator-typescript" / "apis", "*.ts"))


def datamodel_code_generator() -> None:
    """Models without a client."""
    options = (
        "--input-file-type=openapi",
        "--output-model-type=pydantic_v2.BaseModel",
        "--target-python-version=3.11",
        "--use-annotated",
        "--capitalise-enum-members",
        "--formatters=builtin",
    )
    target = GENERATED / "made_by_datamodel_code_generator.py"
    run(PYTHON_TOOLS / "datamodel-codegen", "--input", CONTRACT, "--output", target, *options)


def openapi_ts() -> None:
    """A client with fetch."""
    target = GENERATED / "openapi-ts"
    run(NODE_TOOLS / "openapi-ts", "--input", CONTRACT, "--output", target, "--client", "@hey-api/client-fetch")
    _require_functions("openapi-ts", _text_of(target, "sdk.gen.ts"))


def orval() -> None:
    """A client with fetch."""
    run(NODE_TOOLS / "orval", "--config", "orval.config.mjs")
    _require_functions("orval", _text_of(GENERATED / "orval", "api.ts"))


def openapi_typescript() -> None:
    """Types for openapi-fetch."""
    target = GENERATED / "openapi-typescript"
    run(NODE_TOOLS / "openapi-typescript", CONTRACT, "--output", target / "api.d.ts")
    made = _text_of(target, "api.d.ts")
    missing = [operation for operation in _OPERATIONS if f"    {operation}: {{" not in made]
    require(not missing, f"openapi-typescript left out {missing}")


def own_client() -> None:
    """Our own client: its types made from the contract, compiled together with its tests, and packed."""
    modules = OWN / "node_modules"
    modules.unlink(missing_ok=True)
    modules.symlink_to(os.path.relpath(HERE / "node_modules", OWN))
    shutil.rmtree(OWN / "build", ignore_errors=True)
    run(NODE_TOOLS / "openapi-typescript", CONTRACT, "--output", OWN / "src" / "contract.ts")
    run(NODE_TOOLS / "tsc", "--project", OWN)
    [packed] = json.loads(run("npm", "pack", "--json", "--pack-destination", OWN, OWN))
    names = {file["path"] for file in packed["files"]}
    expected = {"package.json", "README.md", "build/src/index.js", "build/src/index.d.ts", "build/src/contract.d.ts"}
    require(expected <= names, f"the package lacks {expected - names}")
    require(not [name for name in names if "test" in name], "the package has tests")


def test_own_client(variables: dict[str, str]) -> None:
    """Its tests, with the runner that Node has."""
    run("node", "--test", OWN / "build" / "test" / "client.test.js", **variables)


def analyse(variables: dict[str, str]) -> None:
    """The programs of docs/analysing.md, which print what the page says that they print; and `to_pandas` of the Python client."""
    page = (CONTRACT.parent / "docs" / "analysing.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    wrapped = {"python": "{}", "sql": "import duckdb; print(duckdb.sql({!r}))"}
    programs = [wrapped[language].format(code) for language, code in blocks if language in wrapped]
    expected = [code.rstrip() for language, code in blocks if not language]
    with tempfile.TemporaryDirectory() as folder:
        for name, query in (("statements.csv", "?format=csv"), ("statements.ndjson", "")):
            with urlopen(f"{variables['TASRIH_URL']}/v1/statements/export{query}") as answer:
                (Path(folder) / name).write_bytes(answer.read())
        with urlopen(f"{variables['TASRIH_URL']}/v1/datapackage") as answer:
            zipfile.ZipFile(BytesIO(answer.read())).extractall(Path(folder) / "tables")
        path = str(CONTRACT.parent / "clients" / "python")
        printed = [run_in(folder, program, PYTHONPATH=path, **variables).rstrip() for program in (*programs, TO_PANDAS)]
    require(printed[:-1] == expected, f"docs/analysing.md is wrong: {printed}")
    require(printed[-1] == "['antonio-guterres'] True", f"to_pandas gives {printed[-1]}")


TO_PANDAS = """
import os, tasrih_client
frame = tasrih_client.to_pandas(tasrih_client.Tasrih(os.environ["TASRIH_URL"]).statements.list(speaker="antonio-guterres"))
print(frame["speakers"][0], frame["summary_en"].notna().all())
"""


def run_in(folder: str, program: str, **environment: str) -> str:
    """What a program in Python prints, run in a folder by the Python of the generators."""
    return run("env", "-C", folder, PYTHON_TOOLS / "python", "-B", "-c", program, **environment)


def _require_functions(generator: str, made: str) -> None:
    """Fail unless there is a function for each operation."""
    camel = {operation: re.sub(r"_(\w)", lambda found: found[1].upper(), operation) for operation in _OPERATIONS}
    missing = [operation for operation, name in camel.items() if not re.search(rf"(const|async) {name}\b", made)]
    require(not missing, f"{generator} left out {missing}")


def _text_of(folder: Path, pattern: str) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob(pattern)))


def require(condition: bool, failure: str) -> None:
    """Raise Failed unless the condition holds."""
    if not condition:
        raise Failed(failure)


def check_types_of_python() -> None:
    """Strictly, but for what the templates of openapi-generator lack."""
    run(PYTHON_TOOLS / "mypy", *sorted(HERE.glob("drivers/*.py")), *sorted(GENERATED.glob("made_by_*")))


def check_types_of_typescript() -> None:
    """Strictly."""
    run(NODE_TOOLS / "tsc", "--project", "tsconfig.json")


@contextmanager
def service() -> Iterator[dict[str, str]]:
    """A service with the corpus and a token, as variables of the environment that drivers read."""
    with tempfile.TemporaryDirectory() as folder:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        settings = {"DATABASE_URL": f"sqlite:///{folder}/clients.db", "PORT": port, "WEB_CONCURRENCY": "1"}
        run(SERVICE, "migrate", **settings)
        run(SERVICE, "load", **settings)
        scopes = ("--scope", "write", "--scope", "import")
        token = run(SERVICE, "token", "create", "--name", "clients", *scopes, **settings).strip()
        environment = {**os.environ, **settings}
        process = subprocess.Popen(
            [SERVICE, "serve"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            assert process.stdout
            next(line for line in process.stdout if line.startswith(b"http"))
            yield {"TASRIH_URL": f"http://127.0.0.1:{port}", "TASRIH_TOKEN": token}
        finally:
            process.terminate()
            process.wait(timeout=LONGEST)


def drive(driver: Path, variables: dict[str, str]) -> None:
    """Let a driver do all that it does."""
    if driver.suffix == ".py":
        run(PYTHON_TOOLS / "python", driver, PYTHONPATH=str(GENERATED), PYTHONDONTWRITEBYTECODE="1", **variables)
        return
    bundle = GENERATED / f"{driver.stem}.mjs"
    run(NODE_TOOLS / "esbuild", driver, "--bundle", "--platform=node", "--format=esm", f"--outfile={bundle}")
    run("node", bundle, **variables)


def _reported(name: str, step: Callable[[], None]) -> bool:
    """Whether a step succeeds; when it does not, what it says is printed."""
    try:
        step()
    except (Failed, subprocess.TimeoutExpired, ValueError) as failure:
        print(f"{name} FAILED: {failure}", flush=True)
        return False
    print(f"{name} passed", flush=True)
    return True


def _all(pool: ThreadPoolExecutor, steps: Sequence[tuple[str, Callable[[], None]]]) -> list[bool]:
    return list(pool.map(lambda step: _reported(*step), steps))


def main() -> int:
    """Run all steps, as many at once as there are processors, and count them."""
    shutil.rmtree(GENERATED, ignore_errors=True)
    GENERATED.mkdir()
    generators = (
        openapi_generator,
        openapi_python_client,
        datamodel_code_generator,
        openapi_ts,
        orval,
        openapi_typescript,
        own_client,
    )
    checks = (check_types_of_python, check_types_of_typescript)
    drivers = [file for file in sorted(HERE.glob("drivers/*")) if file.is_file() and file.stem != "expecting"]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = _all(pool, [(f"generate: {step.__name__}", step) for step in generators])
        if all(outcomes):
            outcomes += _all(pool, [(step.__name__.replace("_", " "), step) for step in checks])
            with service() as variables:
                steps = [(f"drive: {file.name}", lambda file=file: drive(file, variables)) for file in drivers]
                outcomes += _all(
                    pool,
                    [
                        *steps,
                        ("test: own client", lambda: test_own_client(variables)),
                        ("analyse", lambda: analyse(variables)),
                    ],
                )
    print(f"{outcomes.count(True)} passed, {outcomes.count(False)} failed")
    return int(not all(outcomes))


if __name__ == "__main__":
    sys.exit(main())
