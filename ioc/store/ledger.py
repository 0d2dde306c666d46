"""The writing side of the store: one connection, one transaction a batch."""

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import numpy as np
import orjson
import psycopg2
from psycopg2.extras import execute_values

from ioc.centre.ports import Event, Merged, NotAloneError, Remembered, Rows, StoreAwayError
from ioc.core.alerts import MANUAL, Alert
from ioc.core.engine import Change
from ioc.core.indicators import Summary
from ioc.core.wire import Record, Refusal
from ioc.core.words import DAY, SECOND, Instant, Thing, instant, rfc3339
from ioc.store import rollups
from ioc.store.briefs import BriefTransaction
from ioc.store.cases import CaseTransaction
from ioc.store.connection import Connection, connect, transaction
from ioc.store.duty import DutyTransaction
from ioc.store.migrate import prepare_days
from ioc.store.pool import Pool
from ioc.store.rollups import due

_PG_EPOCH: Final = 946_684_800 * SECOND
_COPY_HEAD: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_COPY_TAIL: Final = b"\xff\xff"
_ROW: Final = np.dtype(
    [
        ("fields", ">i2"),
        ("n1", ">i4"),
        ("datastream", ">i4"),
        ("n2", ">i4"),
        ("time", ">i8"),
        ("n3", ">i4"),
        ("value", ">f8"),
        ("n4", ">i4"),
        ("quality", ">i2"),
    ]
)
_HOUR_ROW: Final = np.dtype(
    [("fields", ">i2"), ("n1", ">i4"), ("datastream", ">i4"), ("n2", ">i4"), ("time", ">i8")]
)


def _binary(rows: Rows) -> io.BytesIO:
    """Write columns as PostgreSQL's binary COPY, without touching a single row."""
    block = np.empty(len(rows.datastream), _ROW)
    block["fields"] = 4
    block["n1"], block["n2"], block["n3"], block["n4"] = 4, 8, 8, 2
    block["datastream"] = rows.datastream
    block["time"] = rows.time - _PG_EPOCH
    block["value"] = rows.value
    block["quality"] = rows.quality
    return io.BytesIO(b"".join([_COPY_HEAD, block.tobytes(), _COPY_TAIL]))


def _binary_hours(hours: Rows) -> io.BytesIO:
    """Write datastream and time alone, likewise."""
    block = np.empty(len(hours.datastream), _HOUR_ROW)
    block["fields"] = 2
    block["n1"], block["n2"] = 4, 8
    block["datastream"] = hours.datastream
    block["time"] = hours.time - _PG_EPOCH
    return io.BytesIO(b"".join([_COPY_HEAD, block.tobytes(), _COPY_TAIL]))


class LedgerTransaction(CaseTransaction, DutyTransaction, BriefTransaction):
    """See `ioc.centre.ports.Transaction`."""

    def insert(self, rows: Rows) -> None:
        """Keep observations that are surely new."""
        self._cursor.copy_expert(
            "copy observation (datastream, time, value, quality) from stdin (format binary)",
            _binary(rows),
        )
        self._roll_later(rows)

    def _roll_later(self, rows: Rows) -> None:
        """Note which hours have to be made again; see `ioc.store.rollups`."""
        hours = due(rows)
        self._cursor.copy_expert(
            "copy rollup_due (datastream, hour) from stdin (format binary)",
            _binary_hours(hours),
        )

    def merge(self, rows: Rows) -> Merged:
        """Keep those observations that are not there yet; the first value stands."""
        cursor = self._cursor
        cursor.execute(
            "create temp table if not exists arriving (place serial, datastream integer,"
            " time timestamptz, value float8, quality smallint) on commit delete rows"
        )
        cursor.execute("truncate arriving restart identity")
        cursor.copy_expert(
            "copy arriving (datastream, time, value, quality) from stdin (format binary)",
            _binary(rows),
        )
        cursor.execute(
            "with kept as (insert into observation (datastream, time, value, quality)"
            " select distinct on (datastream, time) datastream, time, value, quality"
            " from arriving order by datastream, time, place"
            " on conflict (datastream, time) do nothing returning datastream, time)"
            " select min(a.place) from kept join arriving a using (datastream, time)"
            " group by datastream, time"
        )
        kept = np.zeros(len(rows.datastream), np.bool_)
        kept[[place - 1 for (place,) in cursor.fetchall()]] = True
        if kept.any():
            self._roll_later(Rows(rows.datastream[kept], rows.time[kept], rows.value, rows.quality))
        cursor.execute(
            "select a.place from arriving a join observation o using (datastream, time)"
            " where o.value <> a.value"
        )
        conflicting = np.zeros(len(kept), np.bool_)
        conflicting[[place - 1 for (place,) in cursor.fetchall()]] = True
        return Merged(kept, conflicting & ~kept)

    def datastreams(self, names: Sequence[tuple[str, str]]) -> list[int]:
        """Give the number of each (thing, datastream), making what is missing."""
        execute_values(
            self._cursor,
            "insert into datastream (thing, name) values %s on conflict do nothing",
            list(names),
        )
        found = execute_values(
            self._cursor,
            "select d.thing, d.name, d.id from datastream d"
            " join (values %s) as wanted (thing, name) using (thing, name)",
            list(names),
            fetch=True,
        )
        number = {(thing, name): number for thing, name, number in found}
        return [number[name] for name in names]

    def save_thing(self, thing: Thing, status: str, since: Instant) -> None:
        """Keep a thing as it is described now, and since when it has that status."""
        self._cursor.execute(
            "insert into thing (id, area, kind, origin, described, status, status_since, body)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s)"
            " on conflict (id) do update set area = excluded.area, kind = excluded.kind,"
            " origin = excluded.origin, described = excluded.described,"
            " status = excluded.status, status_since = excluded.status_since,"
            " body = excluded.body",
            (
                thing.id,
                thing.area,
                thing.kind,
                thing.origin.value,
                thing.described,
                status,
                rfc3339(since),
                orjson.dumps(thing.to_json(status)).decode(),
            ),
        )

    def remove_thing(self, thing: str) -> str | None:
        """Take a thing away; its observations stay. Gives where it was, None if it was not kept."""
        self._cursor.execute("delete from thing where id = %s returning area", (thing,))
        found = self._cursor.fetchone()
        return None if found is None else str(found[0])

    def open_alerts(self, keys: Iterable[tuple[str, str, str]]) -> list[Alert]:
        """Give the open alerts of (rule, thing, datastream), locked until the end."""
        found = execute_values(
            self._cursor,
            "select a.body from alert a join (values %s) as wanted (rule, thing, datastream)"
            " using (rule, thing, datastream) where a.closed_at is null order by a.id"
            " for update of a",
            sorted(set(keys)),
            fetch=True,
        )
        return [Alert.from_json(body) for (body,) in found]

    def shelved(self, until: Instant) -> list[Alert]:
        """Give the open alerts whose shelving ends by then, locked until the end."""
        self._cursor.execute(
            "select body from alert where closed_at is null"
            " and (body ->> 'shelved_until')::timestamptz <= %s order by id for update",
            (rfc3339(until),),
        )
        return [Alert.from_json(body) for (body,) in self._cursor.fetchall()]

    def ungathered(self) -> list[Alert]:
        """Give the open alerts people raised that have no incident yet, locked until the end."""
        self._cursor.execute(
            "select body from alert where closed_at is null and rule = %s"
            " and body ->> 'incident' is null order by id for update",
            (MANUAL,),
        )
        return [Alert.from_json(body) for (body,) in self._cursor.fetchall()]

    def active_alerts(self) -> list[Alert]:
        """Give the alerts whose condition stands, locked until the end."""
        self._cursor.execute(
            "select body from alert where closed_at is null and condition = 'active'"
            " order by id for update"
        )
        return [Alert.from_json(body) for (body,) in self._cursor.fetchall()]

    def every_open_alert(self) -> list[Alert]:
        """Give all alerts that are not closed, locked until the end."""
        return self._alerts("where closed_at is null order by id for update")

    def alerts_of(self, incidents: Collection[str]) -> list[Alert]:
        """Give the alerts that incidents gather, locked until the end."""
        return self._alerts(
            "where body ->> 'incident' = any(%s) order by id for update", sorted(incidents)
        )

    def free_alerts(self, ids: Collection[str]) -> list[Alert]:
        """Give those alerts that nobody else has locked, locked until the end: it never waits."""
        return self._alerts("where id = any(%s) order by id for update skip locked", sorted(ids))

    def alerts_during(
        self, spans: Mapping[tuple[str, str], tuple[Instant, Instant]]
    ) -> list[Alert]:
        """Give the alerts of (thing, datastream) that stood within a stretch of time, locked."""
        found = execute_values(
            self._cursor,
            "select a.body from alert a join (values %s) as wanted (thing, datastream, first, last)"
            " using (thing, datastream) where a.raised_at <= wanted.last::timestamptz"
            " and coalesce((a.body ->> 'cleared_at')::timestamptz, 'infinity')"
            " >= wanted.first::timestamptz order by a.id for update of a",
            [(*key, rfc3339(first), rfc3339(last)) for key, (first, last) in spans.items()],
            fetch=True,
        )
        return [Alert.from_json(body) for (body,) in found]

    def _alerts(self, where: str, *asked: object) -> list[Alert]:
        self._cursor.execute(f"select body from alert {where}", asked)  # noqa: S608 - our own words
        return [Alert.from_json(body) for (body,) in self._cursor.fetchall()]

    def alert(self, alert_id: str) -> Alert | None:
        """Give one alert, locked until the end."""
        self._cursor.execute("select body from alert where id = %s for update", (alert_id,))
        found = self._cursor.fetchone()
        return None if found is None else Alert.from_json(found[0])

    def taken(self, ids: Sequence[str]) -> set[str]:
        """Give those of the ids that an alert has already."""
        self._cursor.execute("select id from alert where id = any(%s)", (list(ids),))
        return {taken for (taken,) in self._cursor.fetchall()}

    def save_alerts(self, alerts: Sequence[Alert], at: Instant) -> list[Alert]:
        """Keep alerts and tell of them; returns them with their ``seq``."""
        if not alerts:
            return []
        self._audit_steps("alert", alerts)
        seqs = self._draw(len(alerts))
        told = [replace(alert, seq=seq) for alert, seq in zip(alerts, seqs, strict=True)]
        events = [Event("alert", alert.id, alert.area, alert.to_json()) for alert in told]
        rows = [
            (
                alert.id,
                alert.seq,
                alert.rule,
                alert.thing,
                alert.datastream,
                alert.area,
                int(alert.severity),
                event.body["condition"],
                alert.state.value,
                event.body["raised_at"],
                event.body["closed_at"],
                orjson.dumps(event.body).decode(),
            )
            for alert, event in zip(told, events, strict=True)
        ]
        befores = [alert.seq for alert in alerts]
        # What closes first makes room for what is raised anew under the same key.
        self._update_alerts([(*row, seq) for row, seq in zip(rows, befores, strict=True) if seq])
        self._insert_alerts([row for row, seq in zip(rows, befores, strict=True) if not seq])
        self._log(seqs, events, at)
        return told

    def _insert_alerts(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Keep new alerts; one that is there already, or whose key is open, is a violation.

        Nothing is updated here: whoever has locked such a row may be waiting for the log.
        """
        execute_values(
            self._cursor,
            "insert into alert (id, seq, rule, thing, datastream, area, severity, condition,"
            " state, raised_at, closed_at, body) values %s",
            rows,
        )

    def _update_alerts(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Keep changed alerts, if they still are what was changed.

        Raises:
            StoreAwayError: somebody changed one without a lock; what we remember is old.
        """
        if not rows:
            return
        kept = execute_values(
            self._cursor,
            "update alert a set seq = v.seq, severity = v.severity, condition = v.condition,"
            " state = v.state, closed_at = v.closed_at::timestamptz, body = v.body::jsonb"
            " from (values %s) v (id, seq, rule, thing, datastream, area, severity, condition,"
            " state, raised_at, closed_at, body, before)"
            " where a.id = v.id and a.seq = v.before returning a.id",
            rows,
            fetch=True,
        )
        if len(kept) != len(rows):
            raise StoreAwayError("an alert has changed since it was read")

    def save_indicators(self, bodies: Sequence[Mapping[str, Any]], at: Instant) -> None:
        """Keep indicators as they are now, and in their history."""
        execute_values(
            self._cursor,
            "insert into indicator (id, area, body) values %s"
            " on conflict (id, area) do update set body = excluded.body",
            [(body["id"], body["area"], orjson.dumps(body).decode()) for body in bodies],
        )
        self.save_past(
            [(body["id"], body["area"], body["value"], body["coverage"]) for body in bodies], at
        )

    def save_past(
        self, values: Sequence[tuple[str, str, float | None, float]], at: Instant
    ) -> None:
        """Keep (indicator, area, value, coverage) of an instant in their history."""
        execute_values(
            self._cursor,
            "insert into indicator_value (id, area, at, value, coverage) values %s"
            " on conflict (id, area, at) do update set value = excluded.value,"
            " coverage = excluded.coverage",
            [(id_, area, rfc3339(at), value, coverage) for id_, area, value, coverage in values],
        )

    def save_records(self, records: Sequence[Record]) -> list[Record]:
        """Keep steps of business that are not there yet, and return those."""
        by_key = {(one.id, rfc3339(one.at), one.state): one for one in records}
        found = execute_values(
            self._cursor,
            "insert into record (id, at, state, type, thing, area, body) values %s"
            " on conflict do nothing returning id, at, state",
            [
                (
                    id_,
                    at,
                    state,
                    one.type,
                    one.thing,
                    one.area,
                    orjson.dumps(one.to_json()).decode(),
                )
                for (id_, at, state), one in by_key.items()
            ],
            fetch=True,
        )
        new = {(id_, instant(at.isoformat()), state) for id_, at, state in found}
        return [one for one in by_key.values() if (one.id, one.at, one.state) in new]

    def record_owners(self, ids: Collection[str]) -> Mapping[str, str]:
        """Give the thing that first told of each record that is kept."""
        if not ids:
            return {}
        self._cursor.execute(
            "select distinct on (id) id, thing from record where id = any(%s) order by id, at",
            (sorted(ids),),
        )
        return dict(self._cursor.fetchall())

    def save_shadows(self, changes: Sequence[Change]) -> None:
        """Count what rules in shadow would have raised; what is counted already stays once."""
        execute_values(
            self._cursor,
            "insert into shadow (rule, thing, datastream, at, value) values %s"
            " on conflict do nothing",
            [
                (one.rule.id, one.thing, one.datastream, rfc3339(one.at), one.value)
                for one in changes
            ],
        )

    def refuse(self, refusals: Sequence[Refusal], at: Instant) -> None:
        """Keep what was refused."""
        execute_values(
            self._cursor,
            "insert into refused (at, topic, reason, bytes, head) values %s",
            [
                (
                    rfc3339(at),
                    _printable(one.topic),
                    one.reason.value,
                    one.size,
                    _printable(f"{one.head.decode(errors='backslashreplace')} — {one.text}"),
                )
                for one in refusals
            ],
        )

    def checkpoint(self, body: bytes, *, whole: bool) -> None:
        """Keep the engine's state; a whole one replaces all before it."""
        if whole:
            self._cursor.execute("delete from checkpoint")
        self._cursor.execute(
            "insert into checkpoint (no, whole, body)"
            " select coalesce(max(no), 0) + 1, %s, %s from checkpoint",
            (whole, psycopg2.Binary(body)),
        )

    def set(self, name: str, value: object) -> None:
        """Keep a setting of the centre."""
        self._cursor.execute(
            "insert into setting values (%s, %s)"
            " on conflict (name) do update set value = excluded.value",
            (name, orjson.dumps(value).decode()),
        )


def _columns(found: Sequence[tuple[int, int, float, int]]) -> Rows:
    datastream, time, value, quality = zip(*found, strict=True) if found else ((),) * 4
    return Rows(
        np.array(datastream, np.int32),
        np.array(time, np.int64),
        np.array(value, np.float64),
        np.array(quality, np.int16),
    )


def _printable(text: str) -> str:
    return text.replace("\x00", "\\x00")


class Ledger:
    """See `ioc.centre.ports.Store`: one connection at a time, made again when it is lost."""

    def __init__(
        self, url: str, name: str, *, exclusive: int | None = None, deadline_s: float = 60.0
    ) -> None:
        """Connect when first asked.

        Args:
            url: ``postgresql://…``.
            name: what the server shows of us.
            exclusive: a lock that only one of several such stores may hold; it goes with the
                connection, so whoever loses that is no longer the one.
            deadline_s: how long a transaction may take before its connection is cut; a frozen
                server says nothing by itself.
        """
        self._name = name
        self._pool = Pool(
            lambda: self._connect(url, exclusive), size=1, patience_s=5.0, deadline_s=deadline_s
        )
        self._days: set[int] = set()
        self._held = False

    def close(self) -> None:
        """Let go of the connection."""
        self._pool.close()

    @contextmanager
    def transaction(self) -> Iterator[LedgerTransaction]:
        """Begin; leaving it commits, an exception rolls back.

        Raises:
            StoreAwayError: the store did not answer, or contradicts what we remember of it.
        """
        with self._open() as connection:
            made = LedgerTransaction(connection)
            yield made
            made.finish()

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        with self._pool.lease() as connection:
            connection.autocommit = False
            try:
                with transaction(connection):
                    yield connection
            except psycopg2.errors.UniqueViolation as error:
                raise StoreAwayError(f"not as we remember it: {error}".strip()) from error
            except psycopg2.InternalError as error:  # a stand-by that takes no writes, and its like
                raise StoreAwayError(str(error).strip()) from error
            connection.autocommit = True

    def _connect(self, url: str, exclusive: int | None) -> Connection:
        if exclusive is None:
            return connect(url, name=self._name)
        if self._held:
            self._held = False
            raise StoreAwayError("the lock went with the connection: what we remember may be old")
        made = connect(url, name=self._name)
        with transaction(made), made.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s)", (exclusive,))
            alone = cursor.fetchone() == (True,)
        if not alone:
            made.close()
            raise NotAloneError(f"another {self._name} is active")
        self._held = True
        return made

    def trim(self, refusals: int = 100_000, events: int = 2_000_000) -> None:
        """Let go of the oldest refusals and events beyond these numbers, answers and old logins.

        What goes by its age is the matter of `ioc.store.retention`.
        """
        with self._open() as connection, connection.cursor() as cursor:
            cursor.execute(
                "delete from refused where id < (select max(id) - %s from refused)", (refusals,)
            )
            cursor.execute(
                "delete from event where seq < (select max(seq) - %s from event)", (events,)
            )
            cursor.execute("delete from request where at < now() - interval '7 days'")
            cursor.execute(
                "delete from session where least(expires_at, revoked_at) < now() - interval '1 day'"
            )

    def prepare(self, first: Instant, last: Instant) -> None:
        """Make room for observations of these times."""
        days = set(range(first // DAY, last // DAY + 1))
        if days <= self._days:
            return
        with self._open() as connection:
            prepare_days(connection, first, last)
        self._days |= days

    def remember(self) -> Remembered:
        """Read what to go on from."""
        with self._open() as connection, connection.cursor() as cursor:
            cursor.execute("select body, status, status_since from thing")
            things = [
                (Thing.from_json(body), status, since and instant(since.isoformat()))
                for body, status, since in cursor.fetchall()
            ]
            cursor.execute("select thing, name, id from datastream")
            numbers = {(thing, name): number for thing, name, number in cursor.fetchall()}
            cursor.execute("select body from checkpoint order by no")
            kept = [bytes(body) for (body,) in cursor.fetchall()]
        return Remembered(things, numbers, kept)

    def setting(self, name: str) -> Any:  # noqa: ANN401 - whatever JSON was kept
        """Read a setting of the centre, or None."""
        with self._open() as connection, connection.cursor() as cursor:
            cursor.execute("select value from setting where name = %s", (name,))
            found = cursor.fetchone()
        return None if found is None else found[0]

    def open_bodies(self, table: str) -> list[dict[str, Any]]:
        """Read what is told retained: ``indicator``, or ``alert``.

        Among the alerts are those closed of late: of them nobody may have told yet that they are.
        """
        wanted = {
            "alert": "select body from alert where closed_at is null"
            " or closed_at > (select max(closed_at) from alert) - interval '1 day'",
            "indicator": "select body from indicator",
        }[table]
        with self._open() as connection, connection.cursor() as cursor:
            cursor.execute(wanted)
            return [body for (body,) in cursor.fetchall()]

    def observations(self, after: Mapping[int, Instant]) -> Rows:
        """Give the believable observations behind a time of each datastream."""
        found: list[tuple[int, int, float, int]] = []
        if after:
            with self._open() as connection, connection.cursor() as cursor:
                found = execute_values(
                    cursor,
                    "select o.datastream, (extract(epoch from o.time) * 1000000)::bigint, o.value,"
                    " o.quality from (values %s) as w (datastream, time) join observation o"
                    " on o.datastream = w.datastream and o.time > w.time::timestamptz"
                    " where o.quality < 2",
                    [(number, rfc3339(at)) for number, at in after.items()],
                    fetch=True,
                )
        return _columns(found)

    def newest(self) -> Rows:
        """Give the newest observation of each datastream of a thing that is there."""
        with self._open() as connection, connection.cursor() as cursor:
            cursor.execute(
                "select o.datastream, (extract(epoch from o.time) * 1000000)::bigint, o.value,"
                " o.quality from datastream d join thing t on t.id = d.thing"
                " cross join lateral (select * from observation where datastream = d.id"
                " order by time desc limit 1) o"
            )
            return _columns(cursor.fetchall())

    def roll(self, most: int = 50_000) -> int:
        """Bring the rollups up to what is kept; returns how many hours were made again."""
        with self._open() as connection, connection.cursor() as cursor:
            return rollups.roll(cursor, most)

    def summaries(
        self, datastreams: Sequence[int], start: Instant, end: Instant, *, rolled: bool = False
    ) -> Mapping[int, Summary]:
        """Summarise datastreams over [start, end]; those without an observation are left out."""
        with self._open() as connection, connection.cursor() as cursor:
            return rollups.summaries(cursor, datastreams, start, end, rolled=rolled)

    def hours(
        self, datastreams: Sequence[int], start: Instant, end: Instant
    ) -> Mapping[int, Mapping[Instant, tuple[float, float]]]:
        """Give each hour's mean and greatest value, by the instant it begins."""
        with self._open() as connection, connection.cursor() as cursor:
            return rollups.hours(cursor, datastreams, start, end)

    def beginning(self) -> Instant | None:
        """Give the day (UTC) the first observation is of; None for none at all."""
        with self._open() as connection, connection.cursor() as cursor:
            cursor.execute("select min(time) from rollup_day")
            [(found,)] = cursor.fetchall()
        return None if found is None else instant(found.isoformat())

    def steps(
        self, types: Sequence[str], start: Instant, end: Instant
    ) -> Sequence[tuple[str, str, str, bool, int, Instant]]:
        """Count steps of records by type, state, area and whether they were in time.

        Each comes with how many there are and when the newest was taken. A step is in time when
        nothing is due, or not yet.
        """
        with self._open() as connection, connection.cursor() as cursor:
            cursor.execute(
                "select type, state, area, coalesce((body ->> 'due')::timestamptz >= at, true),"
                " count(*), (extract(epoch from max(at)) * 1000000)::bigint from record"
                " where type = any(%s) and at >= %s and at <= %s group by 1, 2, 3, 4",
                (list(types), rfc3339(start), rfc3339(end)),
            )
            return cursor.fetchall()

    def refusals(self, start: Instant, end: Instant) -> Mapping[str, int]:
        """Count what was refused of each thing, by its topic."""
        with self._open() as connection, connection.cursor() as cursor:
            cursor.execute(
                "select split_part(topic, '/', 4), count(*) from refused"
                " where at >= %s and at <= %s group by 1",
                (rfc3339(start), rfc3339(end)),
            )
            return dict(cursor.fetchall())

    def told_at(self, instants: Sequence[Instant]) -> set[tuple[str, Instant]]:
        """Give the indicators that have a value of these instants."""
        with self._open() as connection, connection.cursor() as cursor:
            cursor.execute(
                "select distinct id, (extract(epoch from at) * 1000000)::bigint"
                " from indicator_value where at = any(%s::timestamptz[])",
                ([rfc3339(at) for at in instants],),
            )
            return set(cursor.fetchall())
