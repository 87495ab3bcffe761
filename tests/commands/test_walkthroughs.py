"""The walkthroughs of the pages, step by step: what they write is accepted, and what they show is what comes out."""

import hashlib
import json
import re
import shlex
import textwrap
from pathlib import Path

from changing import Writer
from conftest import Command

ROOT = Path(__file__).parents[2]
README = (
    (ROOT / "README.md").read_text(encoding="utf-8").partition("## Add your first statement")[2].partition("\n## ")[0]
)
ARTICLE = (ROOT / "docs" / "adding-an-article.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of a page in a language, without their indentation."""
    found = re.findall(r"^( *)```(\w*)\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(code) for _, written_in, code in found if written_in == language]


def test_the_first_statement_of_the_readme_is_accepted_and_can_be_changed(writer: Writer) -> None:
    made, changed = blocks(README, "sh")
    writer.put("/v1/speakers/antonio-guterres", {"kind": "person", "name": {"en": "António Guterres"}})
    requests = re.findall(r"^curl .*?-X (\w+) http://127\.0\.0\.1:8000(\S+) .*?-d '(.*?)'$", made, re.M | re.S)
    assert [(method, address) for method, address, _ in requests] == [
        ("PUT", "/v1/speakers/our-newsroom"),
        ("PUT", "/v1/articles/our-page"),
        ("POST", "/v1/statements"),
    ]
    for method, address, body in requests:
        answer = writer.send(method, address, json.loads(body))
        assert answer.status_code == 201, answer.text
    [patch] = re.findall(r"-d '(.*?)'$", changed, re.MULTILINE)
    patched = writer.send("PATCH", answer.headers["Location"], json.loads(patch), if_match=answer.headers["ETag"])
    assert patched.status_code == 200, patched.text


def test_the_page_of_the_first_statement_has_the_digests_that_are_sent() -> None:
    made = blocks(README, "sh")[0]
    [text] = re.findall(r"^printf '(.*?)\\n' > page\.txt$", made, re.MULTILINE)
    page = f"{text}\n"
    [[digest, length]] = re.findall(r'"sha256": "(\w+)", "length": (\d+)', made)
    assert (digest, int(length)) == (hashlib.sha256(page.encode()).hexdigest(), len(page))
    [[start, end, span]] = re.findall(r'"start": (\d+), "end": (\d+), "sha256": "(\w+)"', made)
    assert span == hashlib.sha256(page[int(start) : int(end)].encode()).hexdigest()


def test_adding_an_article_goes_as_the_page_says(tasrih: Command, tmp_path: Path) -> None:
    def run(line: str) -> str:
        command, _, comment = line.partition("   # ") if "   # " in line else (line, "", "")
        ended = tasrih(*shlex.split(command)[1:])
        assert (ended.returncode, ended.stderr) == (0, ""), line
        assert comment.strip() in ended.stdout
        return ended.stdout

    for command in (["migrate"], ["load"]):
        assert tasrih(*command).returncode == 0
    unknown, located, finished, read = (
        [line for line in block.splitlines() if "tasrih" in line] for block in blocks(ARTICLE, "sh")
    )
    shown_unknown, shown_located, shown_error = blocks(ARTICLE, "")
    names = re.findall(r"`mine/([\w/.-]+)`", ARTICLE)
    documents = blocks(ARTICLE, "json")

    def write(name: str, document: str) -> None:
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / name).write_text(document, encoding="utf-8")

    (tmp_path / "texts").mkdir()
    [text] = re.findall(r"printf '(.*?)' > texts/note\.txt", ARTICLE)
    (tmp_path / "texts" / "note.txt").write_text(text.replace("\\n", "\n"), encoding="utf-8")
    assert [run(line) for line in unknown] == [shown_unknown]
    for name, document in list(zip(names, documents, strict=True))[:2]:
        write(name, document)
    assert [run(line) for line in located][-1] == shown_located
    write(names[2], documents[2].replace('"example-ministry"}, "cap', '"exmple-ministry"}, "cap'))
    refused = tasrih("load", "mine")
    assert (refused.returncode, refused.stderr) == (1, shown_error)
    write(names[2], documents[2])
    for line in finished:
        run(line)
    write(names[3], documents[3])
    for line in read:
        run(line)
