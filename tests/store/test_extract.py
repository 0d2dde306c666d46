"""What is exported is all there is of a time, each row with its origin."""

from contextlib import closing

import pytest

from ioc.core.words import MINUTE
from ioc.store.connection import connect
from ioc.store.extract import TABLES, extract
from tests.store.conftest import START, Store, alert


@pytest.fixture
def url(migrated_url: str) -> str:
    return migrated_url


@pytest.mark.parametrize("what", list(TABLES))
def test_every_table_can_be_taken_out_and_names_its_origin(url, what):
    with closing(connect(url, name="test")) as connection:
        (names,) = extract(connection, what, None, None)
    assert "origin" in names


def test_alerts_are_those_of_the_time_asked_for_oldest_first(store: Store):
    store.raise_alert(alert(2), alert(1), alert(3))
    with closing(connect(store.url, name="test")) as connection:
        names, *rows = extract(connection, "alerts", START + MINUTE, START + 3 * MINUTE)
    found = [dict(zip(names, row, strict=True)) for row in rows]
    assert [one["thing"] for one in found] == ["rain-01", "rain-02"]
    assert found[0]["raised_at"] == "2026-11-22T07:01:00.000000+07:00"
    assert {one["origin"] for one in found} == {"simulated"}
