"""The files that commands write: what is at their name already is replaced whole, written through, or left as it is."""

import os
import re
import resource
import signal
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import Command
from served import COMMAND

from api.backups.files import output_file
from api.commands.main import main
from api.errors import UnwritableFile


def write(path: Path, content: bytes = b"new") -> None:
    with output_file(path) as file:
        file.write(content)


def write_until_stopped(path: Path, number: signal.Signals) -> None:
    with output_file(path) as file:
        file.write(b"new")
        os.kill(os.getpid(), number)


def openapi(path: Path | str) -> Result:
    return CliRunner().invoke(main, ["openapi", "--output", str(path)])


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """Let this process write no file beyond a size, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_a_new_file_has_the_mode_that_the_umask_leaves(mask: int, mode: int, tmp_path: Path) -> None:
    with umask(mask):
        write(tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == mode
    assert list(tmp_path.iterdir()) == [tmp_path / "new"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_a_replaced_file_keeps_its_mode(mode: int, tmp_path: Path) -> None:
    file = tmp_path / "present"
    file.write_text("a longer content than the new one")
    file.chmod(mode)
    write(file)
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"new", mode)


def test_the_file_that_a_link_leads_to_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    file, link = tmp_path / "folder" / "file", tmp_path / "link"
    link.symlink_to("folder/file")
    for content in (b"first", b"second"):  # the link leads nowhere at first
        write(link, content)
        assert link.is_symlink()
        assert file.read_bytes() == content
    assert list((tmp_path / "folder").iterdir()) == [file]


def test_a_file_of_the_name_that_a_partial_one_could_have_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file.part").write_text("precious")
    write(tmp_path / "file")
    assert (tmp_path / "file.part").read_text() == "precious"


def test_a_name_may_be_as_long_as_the_file_system_allows(tmp_path: Path) -> None:
    write(tmp_path / ("ت" * 127))
    assert [file.name for file in tmp_path.iterdir()] == ["ت" * 127]


def test_a_pipe_is_written_through(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()))
    reader.start()
    write(pipe)
    reader.join()
    assert received == [b"new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_is_written_through() -> None:
    write(Path("/dev/null"))
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    with pytest.raises(UnwritableFile, match="/dev/full can't be written: No space left on device"):
        write(Path("/dev/full"))
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def test_an_open_file_is_written_to_where_it_is(tmp_path: Path) -> None:
    """What the shell opens with `>>` is not replaced."""
    log = tmp_path / "log"
    log.write_bytes(b"before ")
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND)
    (tmp_path / "link").symlink_to(f"/dev/fd/{descriptor}")
    write(Path(f"/dev/fd/{descriptor}"), b"and ")
    write(tmp_path / "link", b"after")
    os.close(descriptor)
    assert log.read_bytes() == b"before and after"


def test_standard_output_is_written_to(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    assert os.system(f"'{COMMAND}' openapi --output /dev/stdout >> '{log}'") == 0
    assert log.read_text(encoding="utf-8").startswith("before\nopenapi: ")


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the address of a socket may not be long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        ended = openapi("socket")
    assert (ended.exit_code, ended.stderr) == (1, "tasrih: socket is a socket: name a file, or a pipe.\n")
    assert stat.S_ISSOCK(os.stat("socket").st_mode)


def test_links_that_lead_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    ended = openapi(tmp_path / "one")
    assert (ended.exit_code, "can't be written" in ended.stderr) == (1, True)


@pytest.mark.parametrize("content", [None, b"precious"])
def test_nothing_is_lost_when_there_is_no_room(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "contract.yaml"
    if content is not None:
        file.write_bytes(content)
    with small_files(1000):
        ended = openapi(file)
    assert (ended.exit_code, ended.stderr) == (1, f"tasrih: {file} can't be written: File too large.\n")
    assert [other.read_bytes() for other in tmp_path.iterdir()] == ([] if content is None else [content])


def test_nothing_is_lost_when_writing_is_stopped(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("precious")
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        before = signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        with pytest.raises((SystemExit, KeyboardInterrupt)):  # also where nohup lets SIGHUP be ignored
            write_until_stopped(file, number)
        signal.signal(number, before)
    assert file.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [file]


def test_the_database_itself_is_not_replaced_by_an_export(tasrih: Command, tmp_path: Path) -> None:
    tasrih("migrate")
    [file] = tmp_path.glob("*.db")
    before = file.read_bytes()
    ended = tasrih("export", "--output", file.name)
    assert (ended.returncode, ended.stderr) == (1, f"tasrih: {file.name} is the database itself: name another file.\n")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("redirection", "message"),
    [("> /dev/full", "The system refused: No space left on device."), (">&-", "Standard output is closed.")],
)
def test_a_useless_standard_output_is_one_sentence(redirection: str, message: str, tmp_path: Path) -> None:
    assert os.system(f"'{COMMAND}' openapi {redirection} 2> '{tmp_path}/errors'")
    assert (tmp_path / "errors").read_text() == f"tasrih: {message}\n"


def test_a_name_that_is_too_long_is_one_sentence(tasrih: Command, tmp_path: Path) -> None:
    tasrih("migrate")
    for command in (("backup", "x" * 252), ("export", "--format", "datapackage", "x" * 300)):
        ended = tasrih(*command)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert re.fullmatch(r"tasrih: x+(\.sha256)? refused: File name too long\.\n", ended.stderr)
