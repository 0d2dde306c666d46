"""From MQTT (QoS 1) to the commit, through the real `ioc ingest`."""

import json
import time
from contextlib import closing
from typing import Any, Final

import psycopg2

from benchmarks.engines import AREA, SITE, Engines, ask, wait_until
from benchmarks.parts import THINGS, frames
from benchmarks.wire import Login, publication, sending

_AGO_S: Final = 600
"""Where the observations begin: so lately that nobody is found silent meanwhile."""

_ABOUT: Final = {
    "kind": "rain-gauge",
    "name": {"en": "Gauge of the bench"},
    "origin": "simulated",
    "datastreams": {"rainfall": {"unit": "mm/h", "period": 600, "range": [0, 400]}},
}


def through(engines: Engines, size: int, messages: int) -> dict[str, Any]:
    """Send as fast as the broker takes it; measure until the last observation is committed."""
    name = f"through-{size:02}"
    login = Login(engines.broker.port, "simulate", engines.passwords["simulate"])
    _describe(engines, login, name)
    start_s = int(time.time()) - _AGO_S
    told = frames(name, size, messages, start_s)
    rest = messages - 1
    last_s = start_s + (rest // THINGS * size + size - 1) / 100
    with (
        closing(psycopg2.connect(engines.database)) as connection,
        connection.cursor() as cursor,
        sending(login, told) as sends,
    ):
        connection.autocommit = True
        cursor.execute(
            "select id from datastream where thing = %s and name = 'rainfall'",
            (f"{name}-{rest % THINGS:04}",),
        )
        found = cursor.fetchone()
        assert found is not None

        def is_last_kept() -> bool:
            # One look-up by the key: asking must not be what keeps the database busy.
            cursor.execute(
                "select 1 from observation where datastream = %s and time = to_timestamp(%s)",
                (found[0], last_s),
            )
            return cursor.fetchone() is not None

        assert sends.wait() == "ready"
        used, began = engines.processor_s(), time.perf_counter()
        sends.go()
        sender = sends.processor_s()
        accepted = time.perf_counter() - began
        wait_until(is_last_kept, "the last observation")
        took = time.perf_counter() - began
        spent = engines.processor_s()
    observations = messages * size
    ((kept,),) = ask(
        engines.database,
        "select count(*) from observation o join datastream d on d.id = o.datastream"
        " where d.thing like %s and o.time >= to_timestamp(%s)",
        f"{name}-%",
        start_s,
    )
    each = 1e6 / observations
    return {
        "size": size,
        "observations": observations,
        "lost": observations - kept,
        "rate": observations / took,
        "messages_per_s": messages / took,
        "accepted_rate": observations / accepted,
        **{f"{part}_us": (spent[part] - used[part]) * each for part in spent},
        "sender_us": sender * each,
    }


def _describe(engines: Engines, login: Login, name: str) -> None:
    """Describe a thousand gauges, and hear each of them once, long before the rest."""
    told = [
        publication(f"ioc/{SITE}/{AREA}/{name}-{no:04}/about", json.dumps(_ABOUT).encode())
        for no in range(THINGS)
    ]
    first = frames(name, 1, THINGS, int(time.time()) - _AGO_S - 60)
    for part in (told, first):
        with sending(login, part) as sends:
            sends.wait()
            sends.go()
            sends.wait()

    def all_heard() -> bool:
        ((count,),) = ask(
            engines.database,
            "select count(*) from datastream d where d.thing like %s and exists"
            " (select 1 from observation o where o.datastream = d.id)",
            f"{name}-%",
        )
        return count == THINGS

    wait_until(all_heard, "the gauges", every_s=0.2)
