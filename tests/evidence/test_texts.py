"""Article files: the text is the same whatever program saved them, and other files are reported unread."""

from pathlib import Path

import pytest
from texts import FORMS, NBSP, TEXT, digest

from api.evidence.texts import LARGEST_FILE, NotText, UnreadableText, read


@pytest.mark.parametrize("form", FORMS)
def test_a_text_is_the_same_however_it_was_saved(form: str, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(FORMS[form])
    assert read(tmp_path / "page.txt") == TEXT


def test_a_no_break_space_is_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(TEXT.replace(NBSP, " "), encoding="utf-8")
    assert digest(read(tmp_path / "page.txt")) != digest(TEXT)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (TEXT.encode("cp1256", "ignore"), "UTF-8"),
        (TEXT.encode()[:-3], "UTF-8"),
        (TEXT.encode("utf-16")[:-1], "UTF-16"),
        (b"\xff\xfe\x00\xd8", "UTF-16"),
        (b"\xff\xfe\x00\x00" + TEXT.encode("utf-32-le"), "UTF-32"),
        (b"\x00\x00\xfe\xff" + TEXT.encode("utf-32-be"), "UTF-32"),
    ],
)
def test_a_text_in_another_encoding_is_reported(raw: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(raw)
    with pytest.raises(UnreadableText, match=reason):
        read(tmp_path / "page.txt")


@pytest.mark.parametrize(
    "raw", [b"\x89PNG\r\n\x00", TEXT.encode("utf-16-le"), b"a" * 9000 + b"\0", "\ufeffa\0".encode("utf-16-le")]
)
def test_a_file_with_nul_characters_is_no_text(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(raw)
    with pytest.raises(NotText, match="NUL"):
        read(tmp_path / "page.txt")


def test_a_huge_file_is_no_article(tmp_path: Path) -> None:
    with (tmp_path / "page.txt").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(NotText, match="10,000,000 bytes"):
        read(tmp_path / "page.txt")


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UnreadableText, match="can't be read"):
        read(tmp_path / "page.txt")
