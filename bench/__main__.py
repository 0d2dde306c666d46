"""`make bench`: the real centre against the limits of its own parts, measured in the same run.

A broker, a PostgreSQL and one `ioc ingest` are started, all embedded, all on this machine. Then:

* **copy**: rows a second that PostgreSQL alone takes by binary COPY, written as ingest writes them;
* **durable**: observations a second from MQTT (QoS 1) to the commit, for messages of 1, 10 and 50
  records, with the seconds of processor time each part spent on a million of them;
* **told**: milliseconds from a publish to the judged value on the broker again, at an easy pace.

Machines differ and are noisy: believe the ratios, and the processor time, more than the rates.
"""

import argparse
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil
import psycopg2
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - its own name is lower case

from bench.sender import Sender, send
from ioc.centre.ports import Rows
from ioc.embedded.broker import USERS, Broker
from ioc.embedded.children import Child, running
from ioc.embedded.folder import free_port
from ioc.embedded.postgres import Postgres
from ioc.store.connection import connect
from ioc.store.ledger import LedgerTransaction

LOCAL: Final = "127.0.0.1"
SITE: Final = "dien-bien"
AREA: Final = "muong-ang"
THINGS: Final = 1_000
COPY_BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class Running:
    """The centre under test."""

    broker: Broker
    database: str
    passwords: dict[str, str]
    pids: dict[str, int]

    def processor_s(self) -> dict[str, float]:
        """Give the processor time each part has used, with that of its children."""
        found = {}
        for name, pid in self.pids.items():
            process = psutil.Process(pid)
            spent = 0.0
            for each in (process, *process.children(recursive=True)):
                times = each.cpu_times()
                spent += times.user + times.system
            found[name] = spent
        return found


def about(thing: str) -> str:
    """Describe a gauge of the bench."""
    return json.dumps(
        {
            "kind": "rain-gauge",
            "name": {"en": thing},
            "origin": "simulated",
            "datastreams": {"rainfall": {"unit": "mm/h", "period": 600, "range": [0, 400]}},
        }
    )


def start(stack: ExitStack, folder: Path) -> Running:
    """Start all of it; ends with the stack."""
    passwords = {user: secrets.token_hex(16) for user in USERS}
    broker = Broker(folder / "broker", free_port(LOCAL), passwords)
    postgres = Postgres(
        folder / "database",
        free_port(LOCAL),
        password=secrets.token_hex(16),
        super_password=secrets.token_hex(16),
    )
    engines: dict[str, Child] = {
        "broker": stack.enter_context(running(broker.child(), folder / "broker.log")),
        "database": stack.enter_context(running(postgres.child(), folder / "database.log")),
    }
    log = stack.enter_context((folder / "ingest.log").open("wb"))
    ingest = subprocess.Popen(
        [sys.executable, "-m", "ioc", "ingest"],
        env=os.environ
        | {
            "IOC_SITE": SITE,
            "IOC_DATABASE_URL": postgres.url(),
            "IOC_MQTT_URL": f"mqtt://centre:{passwords['centre']}@{LOCAL}:{broker.port}",
        },
        stdout=log,
        stderr=log,
    )
    stack.callback(ingest.wait, 30)
    stack.callback(ingest.terminate)
    pids = {name: child.pid for name, child in engines.items()} | {"ingest": ingest.pid}
    centre = Running(broker, postgres.url(), passwords, pids)
    wait_for_health(centre, ingest, folder / "ingest.log")
    return centre


def listener(centre: Running, topic: str) -> tuple[Client, threading.Event]:
    """Give a client that is subscribed to a topic once the event is set."""
    client, ready = Client(CallbackAPIVersion.VERSION2), threading.Event()
    client.username_pw_set("developer", centre.passwords["developer"])

    def subscribe(client: Client, *_: object) -> None:
        client.subscribe(topic)

    client.on_connect = subscribe
    client.on_subscribe = lambda *_: ready.set()
    client.connect(LOCAL, centre.broker.port)
    client.loop_start()
    return client, ready


def wait_for_health(centre: Running, ingest: subprocess.Popen[bytes], log: Path) -> None:
    """Return when ingest says that it is at work."""
    heard = threading.Event()
    client, _ = listener(centre, f"ioc/{SITE}/_centre/health")
    client.on_message = lambda *_: heard.set()
    until = time.monotonic() + 60
    while not heard.wait(0.1):
        if ingest.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"ingest did not start:\n{log.read_text(errors='replace')}")
    client.disconnect()
    client.loop_stop()


def packs(things: list[str], size: int, messages: int, start_s: int) -> Iterator[tuple[str, bytes]]:
    """Give topics and SenML payloads, each observation with a time of its own."""
    for no in range(messages):
        thing, turn = things[no % len(things)], no // len(things)
        at = start_s + turn * size
        records = ",".join(
            f'{{"n":"rainfall","u":"mm/h","t":{at + i},"v":{(no + i) % 400 / 10}}}'
            for i in range(size)
        )
        yield f"ioc/{SITE}/{AREA}/{thing}/data", f"[{records}]".encode()


def stored(cursor: Cursor) -> int:
    """Count what is durable."""
    cursor.execute("select count(*) from observation")
    return sum(count for (count,) in cursor)


def durable(centre: Running, size: int, messages: int) -> dict[str, Any]:
    """Send as fast as the broker takes it; measure until the last observation is committed."""
    things = [f"bench-{size}-{no:04}" for no in range(THINGS)]
    with closing(sender(centre)) as line:
        send(line, ((f"ioc/{SITE}/{AREA}/{t}/about", about(t).encode()) for t in things))
        frames = list(packs(things, size, messages, int(time.time()) - 5 * 86_400))
        with closing(psycopg2.connect(centre.database)) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            wait_until(lambda: described(cursor, f"bench-{size}-%") == THINGS)
            before, spent, began = stored(cursor), centre.processor_s(), time.perf_counter()
            send(line, iter(frames))
            sent = time.perf_counter() - began
            wait_until(lambda: stored(cursor) - before >= size * messages)
            took = time.perf_counter() - began
    used = centre.processor_s()
    observations = size * messages
    return {
        "records_per_message": size,
        "observations": observations,
        "observations_per_s": round(observations / took),
        "messages_per_s": round(messages / took),
        "accepted_by_broker_per_s": round(observations / sent),
        "cpu_s_per_million": {
            name: round((used[name] - spent[name]) / observations * 1e6, 2) for name in used
        },
    }


def described(cursor: Cursor, like: str) -> int:
    """Count the things that are described."""
    cursor.execute("select count(*) from thing where described and id like %s", (like,))
    return sum(count for (count,) in cursor)


def wait_until(done: Callable[[], bool], within_s: float = 300.0) -> None:
    """Ask until it is so."""
    until = time.monotonic() + within_s
    while not done():
        if time.monotonic() > until:
            raise SystemExit(f"not done within {within_s:.0f} s; see ingest's log")
        time.sleep(0.1)


def sender(centre: Running) -> Sender:
    """Connect as the simulators do."""
    return Sender.connect(LOCAL, centre.broker.port, "simulate", centre.passwords["simulate"])


def told(centre: Running, rate: int, seconds: int) -> dict[str, Any]:
    """Publish single values at an easy pace; measure until each is told, judged, by the centre."""
    sent_at: dict[float, float] = {}
    delays: list[float] = []
    client, ready = listener(centre, f"ioc/{SITE}/_centre/values")

    def note(_: Client, __: object, message: MQTTMessage) -> None:
        heard = time.perf_counter()
        for name, (at, *_rest) in json.loads(message.payload)["data"].items():
            if name.startswith("told-") and at in sent_at:
                delays.append(heard - sent_at.pop(at))

    client.on_message = note
    ready.wait(10)
    first = int(time.time()) - 86_400
    with closing(sender(centre)) as line:
        for no in range(rate * seconds):
            # Its own thing each, or a newer value would hide one that was never told.
            topic, at = f"ioc/{SITE}/{AREA}/told-{no % 200:03}/data", float(first + no)
            sent_at[at] = time.perf_counter()
            send(line, iter([(topic, f'[{{"n":"x","t":{at},"v":{no % 7}}}]'.encode())]))
            time.sleep(max(0.0, 1 / rate - (time.perf_counter() - sent_at.get(at, 0.0))))
    time.sleep(1.0)
    client.disconnect()
    client.loop_stop()
    cuts = statistics.quantiles(delays, n=100)
    return {
        "published": rate * seconds,
        "told": len(delays),
        "p50_ms": round(cuts[49] * 1e3, 1),
        "p99_ms": round(cuts[98] * 1e3, 1),
    }


def copy_limit(database: str, batches: int) -> dict[str, Any]:
    """Write batches as ingest does, with nothing else to do, into a table of the same form."""
    rng = np.arange(COPY_BATCH, dtype=np.int64)
    first = (int(time.time()) - 3 * 86_400) * 1_000_000
    with closing(connect(database, name="bench")) as connection:
        with connection.cursor() as cursor:
            cursor.execute("create schema bench")
            cursor.execute("set search_path to bench, public")
            cursor.execute("create table observation (like public.observation including all)")
        connection.commit()
        began = time.perf_counter()
        for batch in range(batches):
            rows = Rows(
                datastream=(rng % THINGS).astype(np.int32),
                time=first + (batch * COPY_BATCH + rng) * 1_000,
                value=rng.astype(np.float64),
                quality=np.zeros(COPY_BATCH, np.int16),
            )
            LedgerTransaction(connection).insert(rows)
            connection.commit()
        took = time.perf_counter() - began
    return {"batch": COPY_BATCH, "rows_per_s": round(batches * COPY_BATCH / took)}


def measure(scale: float) -> dict[str, Any]:
    """Run all of it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ioc-bench-")))
        centre = start(stack, folder)
        found: dict[str, Any] = {
            "cores": os.cpu_count(),
            "copy": copy_limit(centre.database, max(4, round(60 * scale))),
            "durable": [
                durable(centre, size, max(1_000, round(messages * scale)))
                for size, messages in ((1, 60_000), (10, 20_000), (50, 8_000))
            ],
            "told": told(centre, 200, max(2, round(10 * scale))),
        }
    limit = found["copy"]["rows_per_s"]
    for row in found["durable"]:
        row["of_copy_limit"] = round(row["observations_per_s"] / limit, 2)
    return found


def show(found: dict[str, Any]) -> None:
    """Print a table for people."""
    print(f"{found['cores']} cores, everything on them")
    print(f"COPY alone, batches of {COPY_BATCH:,}: {found['copy']['rows_per_s']:,} rows/s")
    print("MQTT QoS 1 to commit:")
    for row in found["durable"]:
        spent = ", ".join(f"{name} {cpu}" for name, cpu in row["cpu_s_per_million"].items())
        print(
            f"  {row['records_per_message']:>3} a message: {row['observations_per_s']:>9,}"
            f" observations/s, {row['of_copy_limit']:.0%} of COPY; processor µs each: {spent}"
        )
    told_ = found["told"]
    print(
        f"publish to judged value: p50 {told_['p50_ms']} ms, p99 {told_['p99_ms']} ms"
        f" ({told_['told']} of {told_['published']})"
    )


def main() -> None:
    """Read the options; measure; print."""
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    options.add_argument("--scale", type=float, default=1.0, help="how much to send (1: a minute)")
    options.add_argument("--json", action="store_true", help="print one JSON document")
    wanted = options.parse_args()
    found = measure(wanted.scale)
    if wanted.json:
        print(json.dumps(found))
    else:
        show(found)


if __name__ == "__main__":
    main()
