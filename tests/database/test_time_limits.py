"""Time limits: statements that only read are ended, also within a snapshot, and statements of a write never are."""

from contextlib import nullcontext
from typing import Any

import pytest
from conftest import NewDatabase

from api.database.connections import connect
from api.database.current import use_database
from api.database.dialect import dialect
from api.database.statements import rows
from api.database.transactions import at_one_moment, writing
from api.errors import TooSlow

LIMIT = 0.2  # seconds

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
LONGER_THAN_THE_LIMIT = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT COUNT(*) FROM n",
    "postgresql": "SELECT pg_sleep(1)",
}


@pytest.mark.parametrize("transaction", [nullcontext, at_one_moment])
def test_a_statement_that_reads_too_long_is_ended(new_database: NewDatabase, transaction: Any) -> None:
    limited = connect(new_database(), time_limit=LIMIT)
    with use_database(limited), limited.connection_context(), pytest.raises(TooSlow) as error, transaction():
        rows(ENDLESS)
    assert error.value.seconds == LIMIT
    limited.close_all()  # type: ignore[no-untyped-call]


def test_a_connection_goes_on_after_a_statement_was_ended_within_a_snapshot(new_database: NewDatabase) -> None:
    limited = connect(new_database(), time_limit=LIMIT)
    with use_database(limited), limited.connection_context():
        with pytest.raises(TooSlow), at_one_moment():
            rows(ENDLESS)
        with at_one_moment():
            assert rows("SELECT 1 + ?", (1,)) == [(2,)]
    limited.close_all()  # type: ignore[no-untyped-call]


def test_a_statement_of_a_write_takes_as_long_as_it_needs(new_database: NewDatabase) -> None:
    limited = connect(new_database(), time_limit=LIMIT)
    with use_database(limited), limited.connection_context(), writing():
        assert len(rows(LONGER_THAN_THE_LIMIT[dialect().name])) == 1
    limited.close_all()  # type: ignore[no-untyped-call]
