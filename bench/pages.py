"""`python -m bench.pages`: the processor time of pages of the reading room, beside that of the JSON that they show.

In this process, on SQLite with the corpus, without the response cache. A page may take three times as long as its JSON.
"""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

import click
from flask.testing import FlaskClient

from api.application import create_app
from api.bulk.folders import load, load_vocabularies, seed_corpus
from api.database.connections import create_sqlite_file
from api.database.current import database
from api.migrations.running import migrate
from api.settings import Settings

FACETS = "speaker,act,agreement,relation,topic,place,target,event,publisher,mode,year"
STATEMENT = "statements/guterres-welcomes-russia-role-karabakh-2020-12"
SPEAKER, ARTICLE = "antonio-guterres", "security-council-south-caucasus-2022"
AGREEMENT = "trilateral-statement-2020-11-09"
SHOWN = {
    "/ar/statements": ("/v1/statements?total=exact", f"/v1/statements/facets?facet={FACETS}"),
    "/ar/statements?q=جنود": (
        "/v1/statements?q=جنود&total=exact&sort=relevance",
        f"/v1/statements/facets?q=جنود&facet={FACETS}",
    ),
    f"/ar/{STATEMENT}": (
        f"/v1/{STATEMENT}?expand=terms,articles,communiques,events,speakers",
        f"/v1/{STATEMENT}/history",
        "/v1/statements?communique=lavrov-guterres-call-readout-2020-12-04&limit=7&total=exact",
    ),
    f"/ar/speakers/{SPEAKER}": (
        f"/v1/speakers/{SPEAKER}",
        f"/v1/statements?speaker={SPEAKER}&limit=10&total=exact",
        f"/v1/statements/timeline?speaker={SPEAKER}",
    ),
    f"/ar/agreements/{AGREEMENT}": (
        f"/v1/agreements/{AGREEMENT}",
        f"/v1/statements?agreement={AGREEMENT}&limit=100&total=exact&sort=date",
        f"/v1/statements/timeline?agreement={AGREEMENT}",
    ),
    f"/ar/articles/{ARTICLE}": (
        f"/v1/articles/{ARTICLE}",
        f"/v1/articles/{ARTICLE}/annotations",
        f"/v1/statements?article={ARTICLE}&limit=200&total=exact",
    ),
    "/ar/figures": ("/v1/figures?limit=200", "/v1/figures/conflicts"),
}
"""Pages, each with what of the API they show."""


@click.command()
@click.option("--rounds", default=100, show_default=True, help="Requests of each address; the median counts.")
def main(rounds: int) -> None:
    """Measure the pages beside their JSON."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "pages.db"
        create_sqlite_file(file)
        client = create_app(Settings(database_url=f"sqlite:///{file}", response_cache_megabytes=0)).test_client()
        migrate()
        load_vocabularies()
        load(seed_corpus())
        click.echo("| page | ms | JSON, ms | times |\n|---|---|---|---|")
        for page, shown in SHOWN.items():
            cost, json = _cost(client, page, rounds), sum(_cost(client, each, rounds) for each in shown)
            click.echo(f"| `{page}` | {cost:.1f} | {json:.1f} | {cost / json:.1f} |")
        database.close()


def _cost(client: FlaskClient, address: str, rounds: int) -> float:
    """The median processor time of an answer, in milliseconds."""
    times = []
    for _ in range(rounds + 5):
        start = process_time()
        answer = client.get(address)
        times.append(process_time() - start)
        assert answer.status_code == 200, address
    return 1000 * median(times[5:])


if __name__ == "__main__":
    main()
