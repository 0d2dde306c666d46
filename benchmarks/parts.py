"""The parts alone: the broker, the database, the reader and the engine, each without the others."""

import io
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any, Final

import numpy as np
import psycopg2

from benchmarks.engines import AREA, SITE, Engines
from benchmarks.wire import Login, publication, receiving, sending
from ioc.core.engine import Engine
from ioc.core.rules import parse_rule
from ioc.core.wire import Message, Reader
from ioc.core.words import SECOND, Datastream, Origin, Text, Thing
from ioc.sites import read_site

THINGS: Final = 1_000
_REPEATS: Final = 3
_PG_EPOCH_S: Final = 946_684_800
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


def topics(prefix: str) -> list[str]:
    """Give the topics of a thousand gauges, of one length."""
    return [f"ioc/{SITE}/{AREA}/{prefix}-{no:04}/data" for no in range(THINGS)]


def pack(start_s: int, size: int, turn: int) -> bytes:
    """Write a SenML pack of one length whatever it says; no two times of a thing are equal."""
    first = start_s + turn * size / 100
    records = [
        f'{{"n":"rainfall","u":"mm/h","t":{first + i / 100:.2f},"v":{(turn + i) % 90 / 10:.1f}}}'
        for i in range(size)
    ]
    return f"[{','.join(records)}]".encode()


def frames(prefix: str, size: int, messages: int, start_s: int) -> list[bytes]:
    """Write publications, turn by turn over a thousand gauges."""
    names, payload, written = topics(prefix), b"", []
    for no in range(messages):
        turn, of = divmod(no, THINGS)
        if of == 0:
            payload = pack(start_s, size, turn)
        written.append(publication(names[of], payload))
    return written


def _median(measure: Callable[[], dict[str, float]]) -> dict[str, Any]:
    """Measure three times and give the run whose rate is in the middle."""
    runs = sorted((measure() for _ in range(_REPEATS)), key=lambda run: run["rate"])
    middle: dict[str, Any] = runs[len(runs) // 2]
    return {**middle, "spread": [round(run["rate"]) for run in runs]}


def broker_alone(engines: Engines, size: int, messages: int) -> dict[str, Any]:
    """Pass messages of QoS 1 through the broker: a session that acknowledges at once."""
    heard = f"ioc/{SITE}/+/+/+"
    told = frames(f"bare-{size:02}", size, messages, int(time.time()) - 3600)
    login = Login(engines.broker.port, "simulate", engines.passwords["simulate"])
    centre = Login(engines.broker.port, "centre", engines.passwords["centre"])

    def once() -> dict[str, float]:
        with receiving(centre, heard, messages) as hears, sending(login, told) as sends:
            assert hears.wait() == "subscribed"
            assert sends.wait() == "ready"
            used, began = engines.processor_s()["broker"], time.perf_counter()
            sends.go()
            receiver = hears.processor_s()
            took = time.perf_counter() - began
            broker = engines.processor_s()["broker"] - used
            sender = sends.processor_s()
            assert hears.wait() == "forgotten"
        each = 1e6 / messages
        return {
            "rate": messages / took,
            "broker_us": broker * each,
            "sender_us": sender * each,
            "receiver_us": receiver * each,
        }

    return _median(once)


def copy_alone(engines: Engines, batch: int, rows: int) -> dict[str, Any]:
    """Write batches by binary COPY, a commit each, into a table like the centre's."""
    place = np.arange(batch, dtype=np.int64)
    with closing(psycopg2.connect(engines.database)) as connection, connection.cursor() as cursor:
        cursor.execute("create schema if not exists bench")
        cursor.execute(
            "create table if not exists bench.observation (datastream int4, time timestamptz,"
            " value float8, quality int2, primary key (datastream, time))"
        )
        connection.commit()

        started = (int(time.time()) - _PG_EPOCH_S) * SECOND

        def once() -> dict[str, float]:
            cursor.execute("truncate bench.observation")
            connection.commit()
            used, own = engines.processor_s()["database"], time.process_time()
            began = time.perf_counter()
            for turn in range(rows // batch):
                block = np.empty(batch, _ROW)
                block["fields"] = 4
                block["n1"], block["n2"], block["n3"], block["n4"] = 4, 8, 8, 2
                block["datastream"] = place % THINGS
                # Each gauge a little later than in the batch before, as live data come.
                at = (turn * batch + place) // THINGS * 10_000
                block["time"] = started + at
                block["value"] = place
                block["quality"] = 0
                head, tail = b"PGCOPY\n\xff\r\n\x00" + bytes(8), b"\xff\xff"
                cursor.copy_expert(
                    "copy bench.observation from stdin (format binary)",
                    io.BytesIO(head + block.tobytes() + tail),
                )
                connection.commit()
            took = time.perf_counter() - began
            each = 1e6 / rows
            return {
                "rate": rows / took,
                "database_us": (engines.processor_s()["database"] - used) * each,
                "client_us": (time.process_time() - own) * each,
            }

        return _median(once)


def reader_alone(size: int, messages: int) -> dict[str, Any]:
    """Read packs into columns, nothing else."""
    site = read_site(SITE)
    names = topics("read")
    now = int(time.time()) * SECOND
    payloads = [pack(int(time.time()) - 3600, size, turn) for turn in range(1 + messages // THINGS)]
    heard = [Message(names[no % THINGS], payloads[no // THINGS], now) for no in range(messages)]

    def once() -> dict[str, float]:
        reader, began = Reader(SITE, site.areas), time.perf_counter()
        for start in range(0, messages, 5_000):
            reader.read(heard[start : start + 5_000])
        return {"rate": messages * size / (time.perf_counter() - began)}

    return _median(once)


def engine_alone(batch: int, batches: int) -> dict[str, Any]:
    """Judge columns by the site's own rules: a thousand gauges, each with a limit that holds."""
    rules = [parse_rule(row) for row in read_site(SITE).rule_rows]
    now = int(time.time()) * SECOND

    def once() -> dict[str, float]:
        engine = Engine(rules)
        rows = np.array([_attach(engine, no, now) for no in range(THINGS)], np.int64)
        place = np.arange(batch, dtype=np.int64)
        of = rows[place % THINGS]
        values = (place % 40).astype(np.float64)  # some above a limit, none for long
        began = time.perf_counter()
        for turn in range(batches):
            at = now + (turn * batch + place) // THINGS * 10_000
            engine.judge(of, at, values, now)
            engine.drain()
        return {"rate": batch * batches / (time.perf_counter() - began)}

    return _median(once)


def _attach(engine: Engine, no: int, now: int) -> int:
    stream = Datastream("rainfall", unit="mm/h", period=600.0, span=(0.0, 400.0))
    name = Text("Trạm", "Gauge")
    thing = Thing(
        f"judged-{no:04}", AREA, "rain-gauge", name, None, Origin.SIMULATED, {"rainfall": stream}
    )
    return engine.attach(thing, "rainfall", no, now)


def cuts(seconds: Sequence[float]) -> dict[str, float]:
    """Give median, 99th percentile and worst, in milliseconds."""
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return {
        "n": len(ordered),
        "median_ms": round(statistics.median(ordered) * 1e3, 1),
        "p99_ms": round(ordered[min(last, round(0.99 * last))] * 1e3, 1),
        "worst_ms": round(ordered[last] * 1e3, 1),
    }
