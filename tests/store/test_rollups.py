"""Rollups: always what the observations say, however and whenever they came."""

from dataclasses import replace

import numpy as np
import pytest

from ioc.core.indicators import Summary
from ioc.core.words import DAY, HOUR, MINUTE, SECOND, Instant
from ioc.store.archive import Archive
from ioc.store.connection import connect
from ioc.store.pool import Pool
from tests.store.conftest import START, Store, rows

VIETNAM = 7 * HOUR
MIDNIGHT = START + 17 * HOUR  # 2026-11-23T00:00:00+07:00
WIDTHS = {"minute": MINUTE, "hour": HOUR, "day": DAY}
FROM_OBSERVATIONS = """
    select datastream, date_bin(%s::interval, time, timestamptz '2000-01-01 00:00+07'),
        count(*) filter (where quality < 2), count(*) filter (where quality = 1),
        count(*) filter (where quality = 2), coalesce(sum(value) filter (where quality < 2), 0),
        min(value) filter (where quality < 2), max(value) filter (where quality < 2),
        (array_agg(value order by time desc) filter (where quality < 2))[1],
        max(time) filter (where quality < 2)
    from observation group by 1, 2 order by 1, 2
"""


def hold(store: Store) -> None:
    """Hold hours and days against the observations, the whole of both."""
    while store.ledger.roll():
        pass
    for width in ("hour", "day"):
        kept = store.rows(f"select * from rollup_{width} order by datastream, time")
        expected = store.rows(FROM_OBSERVATIONS, f"1 {width}")
        assert len(kept) == len(expected)
        for told, right in zip(kept, expected, strict=True):
            assert told[:5] == right[:5], width
            assert told[5] == pytest.approx(right[5]), width
            assert told[6:] == right[6:], width


def many(seed: int, count: int = 400) -> list[tuple[int, Instant, float, int]]:
    """Make observations of four datastreams over three days, some doubtful, some bad."""
    rng = np.random.default_rng(seed)
    times = rng.choice(3 * 24 * 60, count, replace=False).astype(np.int64) * MINUTE
    return [
        (int(rng.integers(1, 5)), START + int(at), float(rng.normal()), int(rng.integers(0, 3)))
        for at in times
    ]


def test_rollups_are_what_the_observations_say(store: Store) -> None:
    store.keep(rows(*many(1)))
    hold(store)


def test_late_data_corrects_them_and_duplicates_and_conflicts_do_not(store: Store) -> None:
    told = many(2)
    store.keep(rows(*told[::2]))
    hold(store)
    store.keep(rows(*told[1::2]), merge=True)
    hold(store)
    before = store.rows("select * from rollup_hour order by datastream, time")
    store.keep(rows(*[(no, at, value + 1, q) for no, at, value, q in told]), merge=True)
    assert store.ledger.roll() == 0, "nothing new was kept, so nothing is due"
    assert store.rows("select * from rollup_hour order by datastream, time") == before


def test_a_whole_history_at_once_is_as_exact_as_a_trickle(store: Store) -> None:
    told = [
        (no, START + hour * HOUR + no * SECOND, float(no * hour % 7))
        for no in range(1, 61)
        for hour in range(72)
    ]
    store.keep(rows(*told))
    hold(store)
    assert len(store.rows("select from rollup_hour")) == 60 * 72


def test_only_so_much_is_made_at_once_and_nothing_is_forgotten(store: Store) -> None:
    store.keep(rows(*many(3)))
    passes = 0
    while store.ledger.roll(most=50):
        passes += 1
    assert passes > 3
    hold(store)


def test_a_transaction_that_fails_leaves_nothing_due(store: Store) -> None:
    store.ledger.prepare(START, START)

    def stumble() -> None:
        with store.ledger.transaction() as tx:
            tx.insert(rows((1, START, 1.0)))
            raise LookupError

    with pytest.raises(LookupError):
        stumble()
    assert store.rows("select from rollup_due") == []


def test_days_are_vietnam_s(store: Store) -> None:
    store.keep(rows((1, MIDNIGHT - 1, 1.0), (1, MIDNIGHT, 2.0)))
    store.ledger.roll()
    assert store.rows("select n, total from rollup_day order by time") == [(1, 1.0), (1, 2.0)]


def test_minutes_are_kept_where_there_are_more_observations_than_minutes(store: Store) -> None:
    fast = [(1, START + n * 5 * SECOND, float(n)) for n in range(720)]
    slow = [(2, START + n * MINUTE, float(n)) for n in range(60)]
    store.keep(rows(*fast, *slow))
    hold(store)
    kept = store.rows("select datastream, n, total from rollup_minute order by datastream, time")
    assert kept == [(1, 12, sum(range(m * 12, m * 12 + 12))) for m in range(60)]


@pytest.mark.parametrize("rolled", [False, True])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        (START, START + 3 * DAY),
        (START + 37 * MINUTE, START + 2 * DAY + 13 * MINUTE),
        (MIDNIGHT, MIDNIGHT + DAY),
        (MIDNIGHT - MINUTE, MIDNIGHT + DAY + 1),
        (START + 5 * MINUTE, START + 20 * MINUTE),
        (START + 50 * MINUTE, START + 70 * MINUTE),
        (START + HOUR, START + HOUR),
    ],
)
def test_a_summary_of_any_window_is_that_of_its_observations(
    store: Store, start: Instant, end: Instant, rolled: bool
) -> None:
    told = many(4, 1500)
    if rolled:  # then the end is now: there is nothing behind it
        told = [one for one in told if one[1] <= end]
    store.keep(rows(*told))
    while store.ledger.roll():
        pass
    found = store.ledger.summaries([1, 2, 3, 4], start, end, rolled=rolled)
    expected: dict[int, Summary] = {}
    for no in (1, 2, 3, 4):
        inside = sorted((at, v, q) for n, at, v, q in told if n == no and start <= at <= end)
        good = [(at, value) for at, value, quality in inside if quality < 2]
        if inside:
            expected[no] = Summary(
                count=len(good),
                expected=0,
                total=round(sum(value for _, value in good), 6),
                greatest=max((value for _, value in good), default=None),
                last=good[-1][1] if good else None,
                at=good[-1][0] if good else None,
                suspect=sum(quality == 1 for *_, quality in inside),
                bad=sum(quality == 2 for *_, quality in inside),
            )
    rounded = {no: replace(one, total=round(one.total, 6)) for no, one in found.items()}
    assert rounded == expected


def test_hours_come_by_their_beginning(store: Store) -> None:
    store.keep(rows((1, START + MINUTE, 1.0), (1, START + 2 * MINUTE, 3.0), (1, START + HOUR, 9.0)))
    store.ledger.roll()
    assert store.ledger.hours([1], START, START + DAY) == {
        1: {START: (2.0, 3.0), START + HOUR: (9.0, 9.0)}
    }
    assert store.ledger.hours([1], START + 1, START + DAY) == {1: {START + HOUR: (9.0, 9.0)}}


def test_a_chart_of_days_is_exact_with_hours_due_and_without(store: Store) -> None:
    told = many(5, 1500)
    with store.ledger.transaction() as tx:
        tx.datastreams([("a", "x")])
    store.keep(rows(*told[:1000]))
    while store.ledger.roll():
        pass
    store.keep(rows(*told[1000:]), merge=True)
    pool = Pool(lambda: connect(store.url, name="test"), size=1)
    start, end = START + 17 * MINUTE, START + 3 * DAY - 11 * MINUTE
    inside = [(at, v) for no, at, v, q in told if no == 1 and q < 2 and start <= at <= end]
    for points in (1, 5, 24):
        found = Archive(pool).reduced(("a", "x"), start, end, points)
        assert found is not None
        assert len(found) <= points
        assert sum(n for *_, n in found) == len(inside)
        assert min(least for _, least, *_ in found) == min(value for _, value in inside)
        assert max(greatest for *_, greatest, _ in found) == max(value for _, value in inside)
        whole = sum(mean * n for _, _, mean, _, n in found)
        assert whole == pytest.approx(sum(value for _, value in inside))
        starts = [at for at, *_ in found]
        assert starts == sorted(starts)
        assert starts[0] >= start
    pool.close()


def test_the_beginning_is_the_first_day(store: Store) -> None:
    assert store.ledger.beginning() is None
    store.keep(rows((1, MIDNIGHT + 5 * HOUR, 1.0)))
    store.ledger.roll()
    assert store.ledger.beginning() == MIDNIGHT
