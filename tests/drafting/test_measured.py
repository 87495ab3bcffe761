"""Drafts of annotated articles: they stay as good as docs/drafting.md says, and no span is outside of its text."""

import re
import time
from hashlib import sha256
from pathlib import Path

import pytest

from api.drafting.drafts import About, draft
from api.drafting.markup import is_html, text_of
from bench.drafting.__main__ import HERE, _annotated
from bench.drafting.drafting import draft as draft_of
from bench.drafting.scoring import score, total

ROOT = Path(__file__).parents[2]
TEXTS = sorted(HERE.glob("*/*.txt"))


def test_articles_that_no_rule_was_made_after_are_drafted_as_well_as_was_aimed_at() -> None:
    result = total(score(article.gold, draft_of(article)) for article in _annotated(HERE / "held_back"))
    assert result.f1 >= 0.8
    assert result.accuracy("speaker") >= 0.85
    assert result.accuracy("act") >= 0.7
    assert result.accuracy("act_lenient") >= 0.85
    assert result.accuracy("mode") >= 0.8
    assert result.accuracy("date") >= 0.8
    assert (result.figures_f1 or 0) >= 0.7


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_span_is_of_the_text_and_whatever_is_done_to_the_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for form in (
        text,
        text.replace(" ", "\u00a0"),
        re.sub(r"[\"«»“”.،]", "", text),
        text.replace("\n", " "),
        text[: len(text) // 3],
    ):
        for statement in draft(form, About(), lambda words: [])["statements"]:
            for span in statement["evidence"]:
                assert 0 <= span["start"] < span["end"] <= len(form)
                assert sha256(form[span["start"] : span["end"]].encode()).hexdigest() == span["sha256"]
            assert form[statement["word"]["start"] : statement["word"]["end"]] == statement["word"]["text"]


@pytest.mark.parametrize("piece", ["«قال ", "(قال ", "كان علي قد قال ", "وزير علي حسن، ", "علي: قال\n"])
def test_the_worst_text_takes_a_time_that_grows_with_its_length_alone(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * (length // len(piece))) + " قال الوزير"
        started = time.process_time()
        draft(text, About(language="ar"), lambda words: [])
        return time.process_time() - started

    short = min(seconds(3_000) for _ in range(3))
    assert (
        min(seconds(12_000) for _ in range(2)) < 4 * short * 2.5
    )  # four times as long; a quadratic one takes 16 times


def test_a_page_becomes_lines_of_text() -> None:
    page = "<html><head><style>p{}</style><title>T</title></head><body><p>قال &laquo;نعم&raquo;<br>ثم <b>صمت</b></p><script>x<y</script></body></html>"
    assert is_html(page)
    assert text_of(page) == "T\nقال «نعم»\nثم صمت\n"


def test_every_rule_is_explained() -> None:
    page = (ROOT / "docs" / "drafting.md").read_text(encoding="utf-8")
    for path in TEXTS:
        for statement in draft(path.read_text(encoding="utf-8"), About(), lambda words: [])["statements"]:
            for rule in statement["rules"]:
                assert f"`{rule}`" in page, rule
