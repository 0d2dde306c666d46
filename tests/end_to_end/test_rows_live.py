"""Every row of the mission's table lives on a running demo of its province."""

from collections.abc import Iterator
from typing import Any

import pytest

from ioc.core.own import KIND
from ioc.sites import read_site, shipped
from tests.end_to_end.conftest import running
from tests.end_to_end.demo import Demo, Visitor, until

HISTORY = {"dien-bien": "7d"}
"""A week where meetings count, which are as seldom as the weekly briefing; elsewhere three days,
so that a working day lies behind on any day."""


@pytest.fixture(scope="module", params=shipped())
def province(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """Give a running demo of each province in turn."""
    site = str(request.param)
    options = ("--site", site, "--history", HISTORY.get(site, "3d"))
    yield from running(Demo(tmp_path_factory.mktemp(site) / "data", options))


def test_every_row_of_the_sources_lives(province: Demo) -> None:
    with province.visitor() as display:
        rows = until(lambda: all_live(display), "every row lives")
    site = read_site(province.told["site"])
    assert [row["id"] for row in rows] == [row.id for row in site.mission]
    things = {KIND, *(thing.id for thing in site.things)}
    for row in rows:
        assert row["site"] == site.id
        assert row["live"] is not bool(row["missing"])
        assert things.issuperset(row["things"])
        assert {key.partition("/")[0] for key in row["datastreams"]} == set(row["things"])


def all_live(display: Visitor) -> list[Any]:
    """Give the rows once all of them live; nothing while one does not."""
    rows: list[Any] = display.get("/rows")["items"]
    return rows if all(row["live"] for row in rows) else []
