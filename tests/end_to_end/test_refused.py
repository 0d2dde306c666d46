"""Bad input: refused aloud, for its reason, and without harm to anything beside it."""

import json
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.end_to_end.demo import AREA, SITE, Demo, Visitor, until
from tests.end_to_end.follower import Follower
from tests.end_to_end.sensor import RAIN_GAUGE, Sensors, topic

NOW = time.time()


def record(**more: Any) -> bytes:
    return json.dumps([{"n": "rainfall", "u": "mm/h", "t": NOW, "v": 1.0} | more]).encode()


PAYLOADS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "json"),
    "no-json": (b"rain 12.4", "json"),
    "half": (b'[{"n":"rainfall","v":1.0', "json"),
    "garbage-behind": (record() + b" x", "json"),
    "nan": (b'[{"n":"rainfall","v":NaN}]', "json"),
    "infinity": (b'[{"n":"rainfall","v":Infinity}]', "json"),
    "key-twice": (b'[{"n":"rainfall","v":1.0,"v":2.0}]', "json"),
    "binary": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "utf8"),
    "latin-1": (b'[{"n":"m\xe1y","v":1.0}]', "utf8"),
    "utf-16": (record().decode().encode("utf-16"), "utf8"),
    "object": (b'{"n":"rainfall","v":1.0}', "shape"),
    "number": (b"12.4", "shape"),
    "no-result": (b'[{"n":"rainfall"}]', "shape"),
    "text-result": (record(v="12.4"), "shape"),
    "true-result": (record(v=True), "shape"),
    "odd-name": (record(n="Mưa lớn"), "shape"),
    "deep": (b"[" * 30_000 + b"]" * 30_000, "shape"),
    "speaks-for-another": (record(bn="rain-muong-ang-01/"), "identity"),
    "other-unit": (record(u="in/h"), "unit"),
    "long-ago": (record(t=NOW - 8 * 86_400), "time"),
    "tomorrow": (record(t=NOW + 86_400), "time"),
    "milliseconds": (record(t=NOW * 1000), "time"),
    "too-large": (b'[{"n":"rainfall","v":1.0}' + b" " * 65_536 + b"]", "size"),
}


TOPICS: dict[str, str] = {
    "no-such-area": f"ioc/{SITE}/no-such-area/{{gauge}}/data",
    "no-such-leaf": f"ioc/{SITE}/{AREA}/{{gauge}}/date",
    "too-few": f"ioc/{SITE}/{{gauge}}/data",
    "too-many": f"ioc/{SITE}/{AREA}/{{gauge}}/data/more",
    "another-site": f"ioc/other-site/{AREA}/{{gauge}}/data",
    "capital": f"ioc/{SITE}/{AREA}/X{{gauge}}/data",
}


@dataclass(frozen=True)
class Corpus:
    """Every bad input, sent once by a gauge of its own that then sends a good one.

    Attributes:
        where: topic each was sent to.
        gauges: who sent each.
        before: what was counted by reason before.
    """

    where: dict[str, str]
    gauges: dict[str, str]
    before: Counter[str]


def counted(demo: Demo) -> Counter[str]:
    """Read the refusals by reason where Prometheus does."""
    found: Counter[str] = Counter()
    for line in httpx2.get(f"{demo.url}/metrics", trust_env=False).text.splitlines():
        told = re.fullmatch(r'ioc_ingest_refused_total\{reason="(.+)"\} (.+)', line)
        if told:
            found[told[1]] = round(float(told[2]))
    return found


@pytest.fixture(scope="module")
def corpus(demo: Demo) -> Corpus:
    """Send it all, under the nose of the tests that follow."""
    names = [*PAYLOADS, *TOPICS]
    gauges = {bad: f"rain-e2e-{bad}-{secrets.token_hex(3)}" for bad in names}
    where = {bad: topic(gauges[bad], "data") for bad in PAYLOADS}
    where |= {bad: at.format(gauge=gauges[bad]) for bad, at in TOPICS.items()}
    before = counted(demo)
    with Sensors(demo.told["mqtt"]) as sensors:
        for bad in names:
            sensors.send(topic(gauges[bad], "about"), json.dumps(RAIN_GAUGE).encode(), retain=True)
        sensors.settle()
        for bad in names:
            payload, _ = PAYLOADS.get(bad, (record(), ""))
            sensors.send(where[bad], payload)
            sensors.send(topic(gauges[bad], "data"), record(t=NOW + 1, v=2.0))
        sensors.settle()
    return Corpus(where, gauges, before)


def refused(developer: Visitor, at: str) -> dict[str, Any]:
    """Wait for the entry of a topic."""

    def asked() -> dict[str, Any] | None:
        items = developer.get("/refused", limit=1000)["items"]
        return next((one for one in items if one["topic"] == at), None)

    found = until(asked, f"a refusal at {at}")
    assert found is not None
    return found


@pytest.mark.parametrize("bad", list(PAYLOADS))
def test_a_bad_payload_is_refused_for_its_reason_and_the_next_good_one_taken(
    corpus: Corpus, as_role: Callable[[str], Visitor], bad: str
):
    payload, reason = PAYLOADS[bad]
    developer = as_role("developer")
    entry = refused(developer, corpus.where[bad])
    assert (entry["reason"], entry["bytes"]) == (reason, len(payload))
    rows = until(lambda: developer.observed(corpus.gauges[bad], "rainfall"), "the good one")
    assert [value for _, value, _ in rows] == [2.0]


@pytest.mark.parametrize("bad", list(TOPICS))
def test_a_topic_that_is_none_is_refused_aloud(
    corpus: Corpus, as_role: Callable[[str], Visitor], bad: str
):
    assert refused(as_role("developer"), corpus.where[bad])["reason"] == "topic"


def test_every_refusal_is_counted_by_its_reason(demo: Demo, corpus: Corpus):
    expected = Counter(reason for _, reason in PAYLOADS.values()) + Counter(topic=len(TOPICS))
    until(lambda: (counted(demo) - corpus.before).total() >= expected.total(), "all of it counted")
    more = counted(demo) - corpus.before
    assert {reason: more[reason] for reason in expected} == dict(expected)


def test_a_second_area_cannot_take_a_thing(
    sensors: Sensors, as_role: Callable[[str], Visitor], name: Callable[[str], str]
):
    developer, gauge = as_role("developer"), name("rain")
    sensors.describe(gauge, RAIN_GAUGE)
    sensors.observe(gauge, [{"n": "rainfall", "u": "mm/h", "v": 1.0}], area="tuan-giao")
    assert refused(developer, topic(gauge, "data", "tuan-giao"))["reason"] == "identity"
    assert developer.thing(gauge)["area"] == AREA


def test_the_first_value_of_a_time_stands(
    sensors: Sensors, as_role: Callable[[str], Visitor], name: Callable[[str], str]
):
    developer, gauge = as_role("developer"), name("rain")
    sensors.describe(gauge, RAIN_GAUGE)
    for value in (1.5, 1.5, 2.5):  # an equal one is a duplicate, a different one a conflict
        sensors.observe(gauge, [{"n": "rainfall", "u": "mm/h", "v": value, "t": NOW}])
    assert refused(developer, topic(gauge, "data"))["reason"] == "conflict"
    assert [value for _, value, _ in developer.observed(gauge, "rainfall")] == [1.5]


def test_a_value_out_of_range_is_kept_as_bad_and_raises_nothing(
    sensors: Sensors, display: Visitor, name: Callable[[str], str]
):
    gauge = name("rain")
    sensors.describe(gauge, RAIN_GAUGE)
    sensors.observe(gauge, [{"n": "rainfall", "u": "mm/h", "v": 9_999.0, "t": NOW}])
    sensors.observe(gauge, [{"n": "rainfall", "u": "mm/h", "v": 2.0, "t": NOW + 1}])
    until(lambda: len(display.observed(gauge, "rainfall")) == 2, "both")
    assert [quality for *_, quality in display.observed(gauge, "rainfall")] == ["bad", "good"]
    assert display.alerts_of([gauge])[gauge] == []


def test_a_flood_of_rubbish_harms_nothing_beside_it(
    demo: Demo,
    sensors: Sensors,
    follow: Callable[..., Follower],
    display: Visitor,
    name: Callable[[str], str],
):
    good, bad = name("rain"), name("rain")
    sensors.describe(good, RAIN_GAUGE)
    sensors.describe(bad, RAIN_GAUGE)
    stream, pids = follow(datastreams=["*"]), demo.pids()
    payloads = [payload for payload, _ in PAYLOADS.values()]
    start = time.time()
    for turn in range(20):
        for payload in payloads:
            sensors.send(topic(bad, "data"), payload)
        sensors.send(topic(good, "data"), record(t=start + turn / 100, v=float(turn)))
    sensors.settle()
    stream.wait_for_value(f"{good}/rainfall", 19.0)
    kept = until(
        lambda: (rows := display.observed(good, "rainfall"))[19:] and rows, "all good ones"
    )
    assert [value for _, value, _ in kept] == [float(turn) for turn in range(20)]
    assert demo.pids() == pids, "no process was replaced"
    assert stream.connections == 1


def test_what_breaks_the_protocol_costs_only_its_own_connection(
    demo: Demo, sensors: Sensors, display: Visitor, name: Callable[[str], str]
):
    gauge, pids = name("rain"), demo.pids()
    sensors.describe(gauge, RAIN_GAUGE)
    with Sensors(demo.told["mqtt"]) as vandal:
        vandal.send(topic(name("rain"), "data"), b" " * (2 << 20))  # more than the broker takes
        sensors.observe(gauge, [{"n": "rainfall", "u": "mm/h", "v": 4.0}])
    until(lambda: display.observed(gauge, "rainfall"), "the good one")
    assert demo.pids() == pids
