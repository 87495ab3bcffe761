"""How much of a text is shown: never all of it, whatever the spans are."""

from hypothesis import given
from hypothesis import strategies as st

from api.evidence.annotations import EvidenceSpan, annotation
from api.evidence.quoting import AttachedText, allowed, shown
from api.evidence.texts import digest

TEXTS = st.integers(1, 300).map(lambda length: "".join(chr(0x4E00 + place) for place in range(length)))
"""Texts without a character twice, so that what is shown tells where it stands."""


def span_of(text: str, start: int, end: int) -> EvidenceSpan:
    return EvidenceSpan(start, end, digest(text[start:end]), "s", {"en": "S"}, "", "")


def everything_shown(text: str, spans: list[tuple[int, int]], longest: int) -> tuple[AttachedText, str]:
    """All that statements and annotations let out of a text."""
    attached = AttachedText(text, *allowed(len(text), spans, longest))
    out = ""
    for start, end in spans:
        span = span_of(text, start, end)
        out += shown(vars(span), attached)["quotation"] or ""
        for selector in annotation(span, "a", "s", attached)["target"]["selector"]:
            out += "".join(selector.get(part, "") for part in ("exact", "prefix", "suffix"))
    return attached, out


@given(st.data(), TEXTS, st.integers(0, 400))
def test_the_quotations_together_never_make_up_the_text(data: st.DataObject, text: str, longest: int) -> None:
    pairs = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(lambda pair: pair[0] < pair[1])
    attached, out = everything_shown(text, data.draw(st.lists(pairs, max_size=12)), longest)
    assert len(set(out)) <= len(text) - -(-len(text) // 40)
    assert attached.context_length <= min(32, attached.quotation_length)
    assert attached.quotation_length <= longest


def test_a_span_over_the_whole_text_is_not_quoted_whole() -> None:
    text = "".join(chr(0x4E00 + place) for place in range(100))
    span = {"start": 0, "end": 100, "sha256": digest(text)}
    assert shown(span, AttachedText(text, *allowed(100, [(0, 100)], 600))) == {
        "status": "verified",
        "quotation": text[:76],
        "truncated": True,
    }


@given(TEXTS, st.integers(0, 400))
def test_a_cut_quotation_lacks_more_than_can_be_guessed_from_the_digest(text: str, longest: int) -> None:
    quoted = shown({"start": 0, "end": len(text), "sha256": digest(text)}, AttachedText(text, longest, 0))
    lacking = len(text) - len(quoted["quotation"] or "")
    assert lacking == (0 if len(text) <= longest else max(len(text) - longest, min(24, len(text))))


def test_spans_of_a_small_part_of_the_text_are_quoted_as_long_as_the_operator_allows() -> None:
    assert allowed(1000, [(0, 400), (300, 700)], 600) == (600, 32)
    assert allowed(1000, [(0, 400), (300, 700)], 20) == (20, 20)
    assert allowed(1000, [(0, 400), (300, 700)], 0) == (0, 0)
    assert allowed(1000, [], 600) == (600, 32)


def test_a_span_that_does_not_match_is_never_quoted() -> None:
    attached = AttachedText("abcdefghij", 5, 2)
    nothing = {"quotation": None, "truncated": False}
    assert shown({"start": 0, "end": 3, "sha256": digest("abd")}, attached) == {"status": "mismatch", **nothing}
    assert shown({"start": 8, "end": 11, "sha256": digest("ij")}, attached) == {"status": "mismatch", **nothing}
    assert shown({"start": 0, "end": 3, "sha256": digest("abc")}, None) == {"status": "text-not-attached", **nothing}
