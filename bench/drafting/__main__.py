"""`make drafting`: precision, recall and F1 of drafted statements, and the share of right fields, for each set of articles.

The texts of the corpus' articles are not in the repository: ARTICLES=FOLDER names where they are.
"""

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

from bench.drafting.corpus import Article, corpus
from bench.drafting.drafting import draft
from bench.drafting.scoring import FIELDS, Score, score, total

HERE = Path(__file__).parent
TUNED = frozenset(
    {
        "04",
        "05",
        "08",
        "09",
        "10",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "47",
        "48",
        "un-news-sochi-trilateral-meeting-2021",
        "sochi-trilateral-summit-2022",
        "security-council-south-caucasus-2022",
    }
)
"""The articles after which rules are made; all others are only scored."""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.drafting", description=__doc__)
    parser.add_argument("--articles", type=Path, help="the folder with the texts of the corpus' articles")
    parser.add_argument("--missed", action="store_true", help="name the gold statements that were not found")
    options = parser.parse_args()
    for title, articles in _sets(options.articles):
        _report(title, articles, options.missed)
    _time()


def _sets(folder: Path | None) -> Iterator[tuple[str, list[Article]]]:
    yield "invented", list(_annotated(HERE / "invented"))
    if folder:
        yield "corpus (names of the other articles' records only)", list(corpus(folder))
    yield "development", list(_annotated(HERE / "development"))
    yield "held back", list(_annotated(HERE / "held_back"))


def _annotated(folder: Path) -> Iterator[Article]:
    for path in sorted(folder.glob("*.gold.json")):
        name = path.name.split(".")[0]
        gold = json.loads(path.read_text(encoding="utf-8"))
        yield Article(name, (folder / f"{name}.txt").read_text(encoding="utf-8"), gold, {})


def _report(title: str, articles: list[Article], missed: bool) -> None:
    print(f"\n{title}\n{'':38} gold draft   P    R   F1  speaker  act (alt)  mode (alt)  date (alt, overlaps) figures")
    scores = [(article.name, score(article.gold, draft(article))) for article in articles]
    for name, each in scores:
        _row(f"{name}{' *' if name in TUNED else ''}", each)
        if missed and each.missed:
            print(f"    missed: {' '.join(each.missed)}")
    _row("of these, made after (*)", total(each for name, each in scores if name in TUNED))
    _row("of these, only scored", total(each for name, each in scores if name not in TUNED))


def _row(name: str, score: Score) -> None:
    if not score.gold:
        return
    values = {field: f"{score.accuracy(field):.2f}" for field in FIELDS}
    figures = "  n/a" if score.figures_f1 is None else f"{score.figures_f1:5.2f}"
    print(
        f"{name:38} {score.gold:4} {score.draft:5} {score.precision:.2f} {score.recall:.2f} {score.f1:.2f}"
        f"   {values['speaker']}   {values['act']} ({values['act_lenient']})  {values['mode']} ({values['mode_lenient']})"
        f"  {values['date']} ({values['date_lenient']}, {values['date_overlaps']})  {figures}"
    )


def _time() -> None:
    """How long 1,000 words take."""
    articles = list(_annotated(HERE / "invented"))
    words = sum(len(article.text.split()) for article in articles)
    for article in articles:
        draft(article)
    started = time.process_time()
    for article in articles:
        draft(article)
    print(f"\n{(time.process_time() - started) * 1_000_000 / words:.0f} ms of processor time for 1,000 words")


if __name__ == "__main__":
    main()
