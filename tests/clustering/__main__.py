"""`python -m clustering` starts a cluster and stops it by Ctrl-C; with an option it proves that the cluster keeps its promises."""

import json
import signal
from contextlib import suppress

import click

from clustering import killing, proving
from clustering.cluster import cluster


@click.command()
@click.option("--kills", type=int, default=0, help="Kill the primary so often while clients write and read.")
@click.option("--whole", is_flag=True, help="Kill the primary's Patroni too, as if its machine were gone.")
@click.option(
    "--switchovers", type=int, default=0, help="Let primary and standby change places so often, by patronictl."
)
@click.option("--minutes", type=float, default=0, help="Kill parts of the cluster at random for so long.")
@click.option("--writes", type=int, default=1000, show_default=True, help="Changes at the least, of all clients.")
@click.option("--seed", type=int, default=1, show_default=True, help="Decides what is killed at random.")
@click.option("--pooler", "is_pooled", is_flag=True, help="Put a PgBouncer before each PostgreSQL server.")
def main(kills: int, whole: bool, switchovers: int, minutes: float, writes: int, seed: int, is_pooled: bool) -> None:
    """Start a cluster, or prove it."""
    if kills:
        _tell(proving.fail_over(kills, writes, whole, is_pooled))
    if switchovers:
        _tell(proving.switch_over(switchovers, writes, is_pooled))
    if minutes:
        _tell(killing.kill_at_random(minutes * 60, seed))
    if not (kills or switchovers or minutes):
        _serve(is_pooled)


def _tell(figures: dict[str, object]) -> None:
    click.echo(json.dumps(figures, indent=2))


def _serve(is_pooled: bool) -> None:
    with cluster(is_pooled) as made, suppress(KeyboardInterrupt):
        click.echo(f"http://127.0.0.1:{made.port}/ with the token {made.token}")
        click.echo("; ".join(f"{member.name}: port {member.port}, {member.role}" for member in made.members))
        signal.pause()


if __name__ == "__main__":
    main()
