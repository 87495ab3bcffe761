"""A short form of what `make prove-cluster` does to a whole cluster."""

import shutil

import pytest
from clustering import proving

PROGRAMS = ("etcd", "patroni", "patronictl", "haproxy")


@pytest.mark.skipif(not all(map(shutil.which, PROGRAMS)), reason=f"takes Debian's {', '.join(PROGRAMS)}")
def test_a_cluster_loses_nothing_when_it_is_switched_over_and_when_its_primary_is_killed() -> None:
    figures = proving.prove([proving.switch_over, proving.kill_primary], writes=48)
    assert figures["acknowledged changes"] >= 48
    assert figures["tasrih check"] == "The database is sound."
