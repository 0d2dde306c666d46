"""The round on a real store: what it tells, with what it compares, and how the trends fill."""

from dataclasses import dataclass
from typing import Any

import pytest

from ioc.centre.round import Round
from ioc.core.indicators import parse_indicator
from ioc.core.wire import Record
from ioc.core.words import DAY, HOUR, MINUTE, SECOND, Datastream, Instant, Origin, Text, Thing
from tests.store.conftest import START, Store, rows

NOW = START + 8 * DAY + 3 * HOUR
ROW: dict[str, Any] = {
    "id": "rain",
    "name": {"vi": "x", "en": "x"},
    "unit": "mm",
    "formula": "sum",
    "window": "24h",
    "of": {"kind": "rain-gauge", "datastream": "rainfall"},
    "owner": "o",
    "areas": "each",
}
OFFICIAL: dict[str, Any] = {
    "id": "par-index",
    "name": {"vi": "x", "en": "x"},
    "formula": "reference",
    "history": [[2019, 81.42], [2020, 86.55]],
    "rank": [[2019, 27], [2020, 25]],
    "source": "S3",
}


@dataclass
class Province:
    """Two gauges in two districts, an observation an hour: 1 mm here, 2 mm there."""

    store: Store
    things: list[Thing]
    numbers: dict[tuple[str, str], int]

    def registry(self) -> tuple[list[Thing], dict[tuple[str, str], int]]:
        return self.things, self.numbers

    def rain(self, first: Instant, last: Instant, factor: float = 1.0) -> None:
        """Let it rain every hour behind ``first`` up to ``last``."""
        self.store.keep(
            rows(
                *[
                    (number, at, factor * number)
                    for number in self.numbers.values()
                    for at in range(first + HOUR, last + 1, HOUR)
                ]
            ),
            merge=True,
        )

    def round(self, *changes: dict[str, Any]) -> Round:
        definitions = [parse_indicator({**ROW, **change}) for change in changes or ({},)]
        return Round(definitions, self.store.ledger, self.registry)

    def bodies(self) -> dict[tuple[str, str], dict[str, Any]]:
        found = self.store.rows("select id, area, body from indicator")
        return {(id_, area): body for id_, area, body in found}


@pytest.fixture
def province(store: Store) -> Province:
    names = [("rain-1", "rainfall"), ("rain-2", "rainfall")]
    with store.ledger.transaction() as tx:
        numbers = dict(zip(names, tx.datastreams(names), strict=True))
    things = [
        Thing(
            thing,
            area,
            "rain-gauge",
            Text(thing, thing),
            None,
            Origin.SIMULATED,
            {"rainfall": Datastream("rainfall", "mm/h", period=3600.0)},
        )
        for thing, area in (("rain-1", "muong-ang"), ("rain-2", "nam-po"))
    ]
    return Province(store, things, numbers)


def test_every_area_is_told_with_its_rank_and_its_comparison(province: Province) -> None:
    province.rain(NOW - 8 * DAY, NOW - DAY, 2.0)
    province.rain(NOW - DAY, NOW)
    told = {body["area"]: body for body in province.round().go(NOW)}
    assert {area: body["value"] for area, body in told.items()} == {
        "province": 72,
        "muong-ang": 24,
        "nam-po": 48,
    }
    assert (told["nam-po"]["rank"], told["nam-po"]["of"]) == (1, 2)
    assert (told["muong-ang"]["rank"], told["province"]["rank"]) == (2, None)
    assert told["province"]["previous"] == told["province"]["previous_day"] == 144
    assert told["province"]["previous_week"] == 144
    assert told["province"]["previous_year"] is None
    assert told["province"]["coverage"] == 1.0


def test_the_first_round_after_a_start_has_the_comparison_already(province: Province) -> None:
    """A centre that was started again showed none for minutes, and before that a wrong one."""
    province.rain(NOW - 3 * DAY, NOW)
    for _ in range(2):
        (told, *_) = province.round().go(NOW)
        assert told["previous"] == 72


def test_a_comparison_that_knew_too_little_is_none(province: Province) -> None:
    province.rain(NOW - 30 * HOUR, NOW)
    (told, *_) = province.round().go(NOW)
    assert (told["value"], told["previous"]) == (72, None)


def test_below_the_floor_there_is_neither_standing_nor_rank(province: Province) -> None:
    province.rain(NOW - 10 * HOUR, NOW)
    bodies = province.round({"target": 1, "floor": 0.5}, {"id": "b", "target": 1, "floor": 0.4})
    told = {(body["id"], body["area"]): body for body in bodies.go(NOW)}
    assert {body["standing"] for (id_, _), body in told.items() if id_ == "rain"} == {"unknown"}
    assert told["rain", "nam-po"]["rank"] is None
    assert told["b", "nam-po"]["standing"] == "on-target"
    assert told["b", "nam-po"]["rank"] == 1


def test_only_what_changed_is_told_again(province: Province) -> None:
    province.rain(NOW - 8 * DAY, NOW)
    round_ = province.round()
    assert len(round_.go(NOW)) == 3
    assert round_.go(NOW + SECOND) == []
    province.store.keep(rows((province.numbers["rain-1", "rainfall"], NOW + SECOND, 5.0)))
    assert {body["area"] for body in round_.go(NOW + 2 * SECOND)} == {"province", "muong-ang"}
    assert len(round_.go(NOW + 6 * MINUTE)) == 3, "the history has a point every five minutes"


def test_late_data_corrects_the_number(province: Province) -> None:
    province.rain(NOW - 2 * DAY, NOW - 5 * HOUR)
    round_ = province.round()
    round_.go(NOW)
    assert province.bodies()["rain", "province"]["value"] == 3 * 19
    province.rain(NOW - 5 * HOUR, NOW)
    round_.go(NOW + SECOND)
    assert province.bodies()["rain", "province"]["value"] == 72


def test_the_past_week_fills_once_and_is_not_told_as_news(province: Province) -> None:
    province.rain(NOW - 7 * DAY, NOW)
    every = {"kind": "*", "datastream": "*"}
    changes: tuple[dict[str, Any], ...] = ({}, {"id": "quality", "formula": "quality", "of": every})
    round_ = province.round(*changes)
    events = 0
    for turn in range(90):
        events += len(round_.go(NOW + turn))
        if not round_.behind:
            break
    assert not round_.behind
    trend = province.store.rows(
        "select at, value, coverage from indicator_value"
        " where area = 'province' and id <> 'quality' order by at"
    )
    assert 50 <= len(trend) <= 58
    assert [value for _, value, coverage in trend if coverage == 1] == [72.0] * (len(trend) - 7)
    quality = province.store.rows(
        "select min(at), min(value) from indicator_value where id = 'quality'"
    )
    assert quality[0][1] == 100, "before the beginning nothing is missing"
    assert events == 6
    again = province.round(*changes)
    for turn in range(10):
        again.go(NOW + MINUTE + turn)
    assert not again.behind
    after = province.store.rows(
        "select count(*) from indicator_value where area = 'province' and id <> 'quality'"
    )
    assert after == [(len(trend) + 1,)], "what is there is not looked at again"


def test_the_past_waits_until_history_has_come_in(province: Province) -> None:
    names = [(f"rain-{no}", "rainfall") for no in range(3, 60)]
    with province.store.ledger.transaction() as tx:
        province.numbers |= dict(zip(names, tx.datastreams(names), strict=True))
    province.rain(NOW - 7 * DAY, NOW)
    round_ = province.round()
    round_.go(NOW)
    count = province.store.rows("select count(distinct at) from indicator_value")
    assert count == [(1,)]
    assert round_.behind


def test_history_that_comes_after_the_first_round_is_looked_at_too(province: Province) -> None:
    province.rain(NOW - HOUR, NOW)
    round_ = province.round()
    for turn in range(5):
        round_.go(NOW + turn)
    assert not round_.behind
    province.rain(NOW - 7 * DAY, NOW)
    (told, *_) = round_.go(NOW + 6)
    assert told["previous"] == 72
    assert round_.behind


def test_a_reference_is_told_once_with_the_period_of_its_year(province: Province) -> None:
    round_ = Round([parse_indicator(OFFICIAL)], province.store.ledger, province.registry)
    (told,) = round_.go(NOW)
    assert told["value"] == 86.55
    assert told["reference"] is True
    assert told["period"] == ["2020-01-01T00:00:00+07:00", "2020-12-31T23:59:59+07:00"]
    assert (told["previous"], told["rank"], told["year"]) == (81.42, 25, 2020)
    assert told["origin"] == "real"
    assert told["oldest_input"] is None
    assert round_.go(NOW + HOUR) == []


def test_steps_of_records_are_inputs(province: Province) -> None:
    due = "2026-11-30T12:00:00+07:00"
    steps = [
        ("d1", "finished", NOW - HOUR, "muong-ang", due),
        ("d2", "finished", NOW - HOUR, "muong-ang", "2026-11-20T12:00:00+07:00"),
        ("d3", "received", NOW - 2 * HOUR, "nam-po", None),
        ("d4", "finished", NOW - 2 * HOUR, "nam-po", None),
        ("d5", "finished", NOW - 2 * DAY, "nam-po", None),
    ]
    with province.store.ledger.transaction() as tx:
        for id_, state, at, area, told_due in steps:
            step = Record(id_, "dossier", at, state, area, "shop-1", "", told_due, None, {})
            tx.save_records([step])
    finished = {"record": "dossier", "state": "finished"}
    told = {
        body["area"]: body["value"]
        for body in province.round(
            {"formula": "share", "of": {**finished, "on_time": True}, "over": finished}
        ).go(NOW)
    }
    assert told == {"province": 66.67, "muong-ang": 50, "nam-po": 100}


def test_data_quality_is_an_indicator(province: Province) -> None:
    province.rain(NOW - 2 * DAY, NOW)
    number = province.numbers["rain-1", "rainfall"]
    province.store.keep(rows((number, NOW - 7 * MINUTE, 9e9, 2)))
    every = {"kind": "*", "datastream": "*"}
    changes = [{"id": f, "formula": f, "of": every} for f in ("quality", "quality-right")]
    told = {(b["id"], b["area"]): b["value"] for b in province.round(*changes).go(NOW)}
    assert told["quality-right", "nam-po"] == 100
    assert told["quality-right", "muong-ang"] == 96
    assert told["quality", "nam-po"] == 100
