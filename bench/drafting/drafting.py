"""Drafting an annotated article as the service would."""

from typing import Any

from api.drafting.reader import Reader
from bench.drafting.corpus import Article


def draft(article: Article) -> dict[str, Any]:
    """The draft of an article, in the shape that the measure reads."""
    reader = Reader(article.text, article.gold.get("published")).read()
    return {
        "statements": [
            {
                "speakers": [
                    {"label": article.text[label.start : label.end], "speaker": {"name": e.shown}}
                    for e, label in zip(t.speakers, t.labels, strict=True)
                ],
                "act": t.act.term,
                "mode": t.mode,
                "date": t.date,
                "figures": [{"measure": f.measure, "value": f.value} for f in t.figures],
                "evidence": [{"start": s.start, "end": s.end} for s in t.spans],
                "rule": f"{t.rule}/{t.act.rule}",
            }
            for t in reader.told
        ]
    }
