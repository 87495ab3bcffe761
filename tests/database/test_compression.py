"""Documents of the log are stored as Zstandard frames, and those that older versions stored as they are stay readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.database.compression import compressed, compressed_tokens, decompressed, plain_tokens

DOCUMENT = '{"id":"truce","name":{"ar":"الهدنة","en":"The truce"}}'.encode()


@given(st.binary())
def test_a_document_comes_back_as_it_was(content: bytes) -> None:
    document = b"{" + content
    assert decompressed(compressed(document) or b"") == document == decompressed(document)


def test_a_document_is_compressed_once() -> None:
    frame = compressed(DOCUMENT)
    assert frame is not None
    assert len(frame) < len(DOCUMENT)
    assert compressed(frame) == frame


@pytest.mark.parametrize(
    "damaged", [lambda frame: frame[:-1], lambda frame: frame[:4], lambda frame: frame[:4] + b"\xe0" + b"\xff" * 20]
)
def test_a_damaged_frame_is_a_value_error(damaged: object) -> None:
    with pytest.raises(ValueError, match="compressed document"):
        decompressed(damaged(compressed(DOCUMENT)))  # type: ignore[operator]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_tokens_come_back_as_they_were(tokens: str) -> None:
    assert plain_tokens(compressed_tokens(tokens)) == tokens


@pytest.mark.parametrize("damaged", [None, compressed_tokens("يؤكد affirm")[:-1], b"\xff", "text"])
def test_damaged_tokens_are_none(damaged: object) -> None:
    assert plain_tokens(damaged) is None  # type: ignore[arg-type]
