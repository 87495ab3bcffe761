"""A short form of every fault that `make faults` makes: real processes, real databases, some seconds each."""

from collections.abc import Iterator
from typing import Any

import pytest
from faults import (
    copying,
    crowding,
    failing_over,
    importing,
    incrementing,
    killing,
    migrating,
    outages,
    power,
    signals,
    switching_over,
    upgrading,
)
from faults.engines import ENGINES
from ports import free_port


@pytest.fixture(scope="session")
def place(engine: str) -> Iterator[Any]:
    """Where databases are made, on a server that nobody else uses."""
    with ENGINES[engine]() as begun:
        yield begun


def test_what_was_acknowledged_outlives_kills_of_workers_and_of_the_server(place: Any) -> None:
    figures = killing.run(place, free_port(), writes=90, clients=6, kills=4)
    assert (figures["kills of a worker"], figures["kills of the server"], figures["kills of the arbiter alone"]) == (
        2,
        1,
        1,
    )


def test_no_addition_gets_lost_when_many_count_together(place: Any) -> None:
    assert incrementing.run(place, free_port(), clients=32, times=1)["additions"] == 32


def test_a_full_disk_is_told_and_overcome(place: Any) -> None:
    figures = outages.full(place, free_port(), writes=60, seconds=1)
    assert figures.get("left out") or sum(figures["refused with Retry-After"].values()) > 0


def test_a_database_that_can_only_be_read_is_told_and_overcome(place: Any) -> None:
    assert outages.read_only(place, free_port(), writes=60, seconds=1)["refused with Retry-After"]["503"] > 0


def test_a_lock_that_is_held_too_long_is_told_and_overcome(place: Any) -> None:
    assert outages.locked(place, free_port(), writes=200, seconds=6)["refused with Retry-After"]["503"] > 0


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")
def test_postgresql_may_be_restarted_and_crash_under_the_service(place: Any) -> None:
    figures = outages.restarted(place, free_port(), writes=60)
    assert figures["requests without an answer"] == 0


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")
def test_what_was_acknowledged_outlives_the_primary(place: Any) -> None:
    figures = failing_over.run(place, free_port(), writes=60, clients=4, failovers=2)
    assert len(figures["seconds until a write was accepted again"]) == 2


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")
def test_no_request_comes_to_nothing_when_primary_and_standby_change_places(place: Any) -> None:
    figures = switching_over.run(place, free_port(), writes=60, clients=4, switchovers=2)
    assert len(figures["seconds until a write was accepted again"]) == 2
    assert figures["reads without an answer"] == 0


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True, scope="session")
def test_no_request_is_refused_while_two_nodes_are_upgraded_one_after_the_other(place: Any) -> None:
    assert upgrading.run(place, free_port(), writes=60, clients=4)["requests refused or without an answer"] == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
def test_what_was_acknowledged_outlives_a_power_cut(place: Any) -> None:
    figures = power.run(place, free_port(), writes=64, cuts=12)
    if "left out" not in figures:
        assert figures["acknowledged and lost, over all cuts"] == 0
        assert figures["the same if the disk only pretends to sync"] > 0


def test_no_request_goes_unanswered_when_workers_are_replaced_and_the_server_is_stopped(place: Any) -> None:
    assert signals.run(place, free_port(), writes=40, hang_ups=1, clients=6)["answered until SIGTERM"] > 0


def test_nobody_waits_for_clients_that_are_silent_or_slow(place: Any) -> None:
    figures = crowding.run(place, free_port(), crowds=(30,), seconds=0.3, longest_wait=10)
    assert len(figures) == 6


def test_clients_write_beside_an_import(place: Any) -> None:
    assert importing.run(place, free_port(), places=100)["records imported"] == 100


def test_a_migration_that_is_killed_leaves_the_old_version_whole(place: Any) -> None:
    assert migrating.run(place, kills=1)["killed half-way"] == 1


def test_a_backup_taken_while_clients_write_is_sound_when_it_is_put_back(place: Any) -> None:
    assert copying.run(place, free_port(), writes=60)["records restored"] > 0
