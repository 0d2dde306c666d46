"""Rollups: observations by the minute, hour and day, made again wherever something new was kept.

The tables are described in the schema. Buckets hold their beginning and not their end; days are
Vietnam's. A minute is kept only of hours in which a datastream gave more than `_DENSE`
observations: of all others the observations themselves are as few.
"""

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - psycopg2's own name is lower case

from ioc.centre.ports import Rows
from ioc.core.indicators import Summary
from ioc.core.words import DAY, HOUR, Instant, rfc3339

_DENSE: Final = 120
_COARSE: Final = 2 * HOUR
_MOST_DUE: Final = 48
_MANY: Final = 3_000
"""Hours due at once, from which on it is worth asking whether they are a whole stretch."""

_STRETCH_HOURS: Final = 12
"""A shorter one is no stretch: a pass reads whole days, so the running hour is looked up."""

_HOUR_BITS: Final = 32
"""Room for an hour since 1970 below the number of a datastream, in one integer that sorts fast."""

_VIETNAM: Final = 7 * HOUR
_ORIGIN: Final = "timestamptz '2000-01-01 00:00+07'"
_MICROS: Final = "(extract(epoch from {}) * 1000000)::bigint"
_COLUMNS: Final = "datastream, time, n, suspect, bad, total, least, greatest, last, last_at"
_OVERWRITE: Final = (
    " on conflict (datastream, time) do update set n = excluded.n, suspect = excluded.suspect,"
    " bad = excluded.bad, total = excluded.total, least = excluded.least,"
    " greatest = excluded.greatest, last = excluded.last, last_at = excluded.last_at"
)
_OF_OBSERVATIONS: Final = (
    "count(*) filter (where o.quality < 2) as n,"
    " count(*) filter (where o.quality = 1) as suspect,"
    " count(*) filter (where o.quality >= 2) as bad,"
    " coalesce(sum(o.value) filter (where o.quality < 2), 0) as total,"
    " min(o.value) filter (where o.quality < 2) as least,"
    " max(o.value) filter (where o.quality < 2) as greatest,"
    " (array_agg(o.value order by o.time desc) filter (where o.quality < 2))[1] as last,"
    " max(o.time) filter (where o.quality < 2) as last_at"
)
_OF_ROLLUPS: Final = (
    "sum(n)::int, sum(suspect)::int, sum(bad)::int, sum(total), min(least), max(greatest),"
    " (array_agg(last order by last_at desc nulls last))[1], max(last_at)"
)


def due(rows: Rows) -> Rows:
    """Give the hours that rows are of, once each: ``datastream`` and ``time`` count."""
    half = 1 << _HOUR_BITS - 1  # hours before 1970 are negative, and must not reach the number
    key = rows.datastream.astype(np.int64) << _HOUR_BITS | rows.time // HOUR + half
    key = np.unique(key[np.r_[True, key[1:] != key[:-1]][: len(key)]])  # rows come in runs
    hours = ((key & (1 << _HOUR_BITS) - 1) - half) * HOUR
    return Rows((key >> _HOUR_BITS).astype(np.int32), hours, np.empty(0), np.empty(0, np.int16))


def roll(cursor: Cursor, most: int) -> int:
    """Make again the hours that are due, after at most so many notes of them; returns how many.

    Under ``read committed`` the observations are looked at after the notes were taken, so what is
    committed in between is at worst made twice.
    """
    cursor.execute(
        "create temp table if not exists rolling (datastream integer, time timestamptz)"
        " on commit delete rows;"
        " create temp table if not exists dense (like rolling) on commit delete rows"
    )
    cursor.execute(
        "with taken as (delete from rollup_due where ctid = any(array("
        "select ctid from rollup_due limit %s)) returning datastream, hour)"
        " insert into rolling select distinct datastream, hour from taken",
        (most,),
    )
    count = cursor.rowcount
    if count == 0:
        return 0
    cursor.execute("analyze rolling")
    stretch = _stretch(cursor, count)
    if stretch is None:
        cursor.execute(_HOURS)
    else:
        cursor.execute(_STRETCH, stretch)
    cursor.execute(_MINUTES)
    cursor.execute(_DAYS)
    return count


def _stretch(cursor: Cursor, count: int) -> dict[str, Instant] | None:
    """Give the stretch of time that is due as good as whole, as a history is; None for any other.

    Then one pass over the stretch is cheaper than a look-up for each hour, else it never is.
    """
    if count < _MANY:
        return None
    cursor.execute(
        "select min(time), max(time) + interval '1 hour', extract(epoch from max(time) - min(time))"
        " / 3600 + 1, (select count(*) from datastream) from rolling"
    )
    [(start, end, length, datastreams)] = cursor.fetchall()
    whole = length >= _STRETCH_HOURS and count > length * datastreams / 2
    return {"start": start, "end": end} if whole else None


_DENSE_ONES: Final = (
    f" returning datastream, time, n + bad as seen) insert into dense"  # noqa: S608 - constants
    f" select datastream, time from made where seen > {_DENSE}"
)

_HOURS: Final = (
    f"with made as (insert into rollup_hour ({_COLUMNS})"  # noqa: S608 - nothing but constants
    f" select r.datastream, r.time, o.* from rolling r cross join lateral ("
    f" select {_OF_OBSERVATIONS} from observation o where o.datastream = r.datastream"
    f" and o.time >= r.time and o.time < r.time + interval '1 hour') o"
    f" order by 1, 2 {_OVERWRITE}{_DENSE_ONES}"
)
"""Each hour looked up by itself."""

_STRETCH: Final = (
    f"with made as (insert into rollup_hour ({_COLUMNS})"  # noqa: S608 - nothing but constants
    f" select o.* from rolling r join ("
    f" select o.datastream, date_bin('1 hour', o.time, {_ORIGIN}) as time, {_OF_OBSERVATIONS}"
    f" from observation o where o.time >= %(start)s and o.time < %(end)s group by 1, 2"
    f" ) o using (datastream, time) order by 1, 2 {_OVERWRITE}{_DENSE_ONES}"
)
"""All hours of a stretch, in the order of their index."""

_MINUTES: Final = (
    f"insert into rollup_minute ({_COLUMNS})"  # noqa: S608 - nothing but constants
    f" select o.datastream, date_bin('1 minute', o.time, {_ORIGIN}), {_OF_OBSERVATIONS}"
    f" from dense r join observation o on o.datastream = r.datastream and o.time >= r.time"
    f" and o.time < r.time + interval '1 hour' group by 1, 2 {_OVERWRITE}"
)

_DAYS: Final = (
    f"insert into rollup_day ({_COLUMNS})"  # noqa: S608 - nothing but constants
    f" select h.datastream, d.day, {_OF_ROLLUPS} from (select distinct datastream,"
    f" date_bin('1 day', time, {_ORIGIN}) as day from rolling) d join rollup_hour h"
    f" on h.datastream = d.datastream and h.time >= d.day and h.time < d.day + interval '1 day'"
    f" group by 1, 2 {_OVERWRITE}"
)


def summaries(
    cursor: Cursor, datastreams: Collection[int], start: Instant, end: Instant, *, rolled: bool
) -> dict[int, Summary]:
    """Summarise datastreams over [start, end]; those without an observation are left out.

    Args:
        cursor: to ask through.
        datastreams: their numbers.
        start: first instant of the window.
        end: last instant of it.
        rolled: the rollups were just made and ``end`` is now, so the hour that runs is read from
            them as well.
    """
    whole = _ceil(start, HOUR)
    until = _ceil(end + 1, HOUR) if rolled else end // HOUR * HOUR
    if until <= whole:
        whole = until = _ceil(start, HOUR)
    first_day, last_day = _ceil(whole + _VIETNAM, DAY) - _VIETNAM, _midnight(until)
    if last_day <= first_day:
        first_day = last_day = whole
    pieces = [_rollups("day", first_day, last_day)]
    pieces += [_rollups("hour", whole, first_day), _rollups("hour", last_day, until)]
    edges = [(start, min(whole, end + 1)), (max(until, start), end + 1)]
    pieces += [_observations(*edge) for edge in edges]
    asked = " union all ".join(piece for piece in pieces if piece)
    if not asked:
        return {}
    cursor.execute(
        f"select datastream, {_OF_ROLLUPS.replace('max(last_at)', _MICROS.format('max(last_at)'))}"  # noqa: S608
        f" from ({asked}) pieces group by datastream",
        {"datastreams": list(datastreams)},
    )
    return {
        number: Summary(n, 0.0, total, greatest, last, at, suspect=suspect, bad=bad)
        for number, n, suspect, bad, total, _, greatest, last, at in cursor.fetchall()
        if n or bad
    }


def reduced(
    cursor: Cursor, datastream: int, start: Instant, end: Instant, points: int
) -> list[tuple[Instant, float, float, float, int]]:
    """Give time, least, mean, greatest, count of at most ``points`` equal stretches.

    Stretches of hours are whole hours, and read from the rollups but for the two ends and for
    hours that are still due; shorter ones are read from the observations.
    """
    # One microsecond wider than an equal share, so that `end` itself opens no further stretch.
    stride, origin = (end - start) // points + 1, start
    pieces: list[str] = []
    if stride > _COARSE:
        origin = start // HOUR * HOUR
        stride = _ceil((end - origin) // points + 1, HOUR)
        whole, until = _ceil(start, HOUR), (end + 1) // HOUR * HOUR
        cursor.execute(
            f"select distinct {_MICROS.format('hour')} from rollup_due"  # noqa: S608 - constants
            " where datastream = %s and hour >= %s and hour < %s",
            (datastream, rfc3339(whole), rfc3339(until)),
        )
        due_hours = sorted(hour for (hour,) in cursor.fetchall())
        if until > whole and len(due_hours) <= _MOST_DUE:
            edges = [(start, whole), (until, end + 1)]
            edges += [(hour, hour + HOUR) for hour in due_hours]
            pieces = [_reduced_rollups(whole, until, due_hours)]
            pieces += [_reduced_observations(*edge) for edge in edges if edge[0] < edge[1]]
    pieces = pieces or [_reduced_observations(start, end + 1)]
    cursor.execute(
        f"select {_MICROS.format('greatest(stretch, %(start)s)')}, min(least),"  # noqa: S608 - constants
        f" sum(total) / sum(n), max(greatest), sum(n)::int from (select"
        f" date_bin(%(stride)s * interval '1 microsecond', time,"
        f" timestamptz '{rfc3339(origin)}') stretch, n, total, least, greatest"
        f" from ({' union all '.join(pieces)}) pieces) binned group by stretch order by stretch",
        {"stride": stride, "datastream": datastream, "start": rfc3339(start)},
    )
    return cursor.fetchall()


def _reduced_rollups(start: Instant, end: Instant, but: Collection[Instant]) -> str:
    without = ", ".join(f"'{rfc3339(hour)}'" for hour in but)
    return (
        "select time, n, total, least, greatest from rollup_hour"  # noqa: S608 - our numbers
        " where datastream = %(datastream)s and n > 0"
        f" and time >= '{rfc3339(start)}' and time < '{rfc3339(end)}'"
        + (f" and time not in ({without})" if without else "")
    )


def _reduced_observations(start: Instant, end: Instant) -> str:
    return (
        "select time, 1 as n, value as total, value as least, value as greatest from observation"  # noqa: S608 - our numbers
        " where datastream = %(datastream)s and quality < 2"
        f" and time >= '{rfc3339(start)}' and time < '{rfc3339(end)}'"
    )


def _rollups(width: str, start: Instant, end: Instant) -> str:
    if start >= end:
        return ""
    return (
        f"select {_COLUMNS.replace(' time,', '')} from rollup_{width}"  # noqa: S608 - our numbers
        f" where datastream = any(%(datastreams)s)"
        f" and time >= '{rfc3339(start)}' and time < '{rfc3339(end)}'"
    )


def _observations(start: Instant, end: Instant) -> str:
    if start >= end:
        return ""
    return (
        f"select datastream, {_OF_OBSERVATIONS} from observation o"  # noqa: S608 - our numbers
        f" where datastream = any(%(datastreams)s)"
        f" and time >= '{rfc3339(start)}' and time < '{rfc3339(end)}' group by datastream"
    )


def hours(
    cursor: Cursor, datastreams: Collection[int], start: Instant, end: Instant
) -> Mapping[int, Mapping[Instant, tuple[float, float]]]:
    """Give mean and greatest value by the instant an hour begins, for hours from ``start`` on."""
    cursor.execute(
        f"select datastream, {_MICROS.format('time')}, total / n, greatest from rollup_hour"  # noqa: S608
        " where datastream = any(%s) and time >= %s and time <= %s and n > 0",
        (list(datastreams), rfc3339(start), rfc3339(end)),
    )
    found: dict[int, dict[Instant, tuple[float, float]]] = {}
    for number, at, mean, greatest in cursor.fetchall():
        found.setdefault(number, {})[at] = (mean, greatest)
    return found


def _ceil(at: Instant, step: int) -> Instant:
    return -(-at // step) * step


def _midnight(at: Instant) -> Instant:
    return (at + _VIETNAM) // DAY * DAY - _VIETNAM
