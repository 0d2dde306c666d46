"""The engine alone, over a whole province: 20,000 datastreams and every type of rule."""

import time
from typing import Any, Final

import numpy as np

from ioc.core.engine import Engine
from ioc.core.rules import Rule, parse_rule
from ioc.core.words import MINUTE, SECOND, Datastream, Origin, Text, Thing

STREAMS: Final = 20_000
START: Final = 1_795_366_800 * SECOND
_WORDS: Final = {"vi": "x", "en": "x"}
_NAMES: Final = ("a", "b", "c", "d")
"""Datastreams of a thing, each of a kind of its own."""

GATHERED: Final = ("neighbours", "all", "routed")
"""Types over several datastreams; a site has few of them."""


def rules_of_every_type(kind: str, name: str) -> dict[str, Rule]:
    """Give one rule of each type over one sort of datastream."""
    rows: dict[str, dict[str, Any]] = {
        "above": {"above": 90, "hold": "10m", "deadband": 5},
        "levels": {"levels": [{"above": 80, "severity": 1}, {"above": 90, "severity": 3}]},
        "silent": {"silent": True},
        "rising": {"rising": 60, "over": "30m"},
        "doubtful": {"doubtful": {"stuck": "6h", "spike": 80}},
        "baseline": {"baseline": 8},
        "ewma": {"ewma": 6, "mean": 50, "sigma": 15},
        "cusum": {"cusum": 20, "mean": 50, "sigma": 15},
        "likelihood": {"likelihood": 4},
        "burn": {"burn": {"slo": 99, "above": 95}},
        "forecast": {"forecast": {"above": 900, "ahead": "1h"}},
        "deadline": {"deadline": "17:00"},
        "expires": {"expires": "1d"},
        "neighbours": {"neighbours": {"above": 90, "at_least": 3, "within_km": 3}},
        "all": {"all": [{"datastream": name, "above": 90, "where": "near", "within_km": 3}]},
        "routed": {"routed": {"above": 90, "kind": kind, "datastream": name, "within_km": 3}},
    }
    return {
        key: parse_rule(
            {"id": key, "kind": kind, "datastream": name, "name": _WORDS, "response": _WORDS}
            | ({} if key == "levels" else {"severity": 2})
            | row
        )
        for key, row in rows.items()
    }


def _province(rules: list[Rule], streams: int, rare: int) -> tuple[Engine, np.ndarray]:
    engine, rows = Engine(rules), []
    for number in range(streams):
        thing_no, name = (number, 0) if number >= streams - rare else divmod(number, len(_NAMES))
        place = (102.0 + thing_no % 100 * 0.02, 21.0 + thing_no // 100 * 0.02)
        label = Text("x", "x")
        known = "rare" if number >= streams - rare else _NAMES[name]
        described = {
            one: Datastream(one, "1", period=60.0, span=(-1e3, 1e3), resolution=0.1)
            for one in {*_NAMES, known}
        }
        thing = Thing(
            f"thing-{thing_no}", f"area-{thing_no % 10}", f"kind-{known}", label, place,
            Origin.SIMULATED, described,
        )  # fmt: skip
        rows.append(engine.attach(thing, known if known == "rare" else _NAMES[name], number, START))
    return engine, np.array(rows, np.int64)


def rate(rules: list[Rule], streams: int, minutes: int, *, rare: int = 0) -> dict[str, Any]:
    """Judge so many observations of each datastream, a minute apart, batch by batch.

    Returns:
        Observations a second, bytes of state a datastream and of the delta an observation.
    """
    engine, rows = _province(rules, streams, rare)
    noise = np.random.Generator(np.random.Philox(1))
    values = np.round(noise.normal(50, 10, (minutes + 2, streams)), 1)
    told, spent = 0, 0.0
    for minute in range(minutes + 2):
        now = START + minute * MINUTE
        times = np.full(streams, now, np.int64)
        began = time.process_time()
        judged = engine.judge(rows, times, values[minute], now)
        delta = engine.drain()
        if minute >= 2:  # the first batch sorts the bindings
            spent += time.process_time() - began
            told += len(judged.changes)
    return {
        "rate": streams * minutes / spent,
        "us": spent / (streams * minutes) * 1e6,
        "bytes_a_datastream": engine.footprint / streams,
        "delta_bytes_an_observation": len(delta) / streams,
        "changes": told,
    }


def engine_of_all(scale: float) -> dict[str, Any]:
    """Measure: every type somewhere (three rules a datastream), each alone, and all on each."""
    minutes = max(10, round(30 * scale))
    mixed: list[Rule] = []
    kinds = [f"kind-{name}" for name in _NAMES]
    shares = {
        "a": ("above", "silent", "doubtful", "levels", "baseline"),
        "b": ("above", "silent", "rising", "burn", "deadline"),
        "c": ("above", "silent", "cusum", "ewma", "expires", "likelihood"),
        "d": ("above", "silent", "forecast"),
    }
    for kind, name in zip(kinds, _NAMES, strict=True):
        every = rules_of_every_type(kind, name)
        mixed += [every[key] for key in shares[name]]
    pairs = list(zip(kinds, _NAMES, strict=True))
    by_kind = [rules_of_every_type(kind, name) for kind, name in pairs]
    gathered = rules_of_every_type("kind-rare", "rare")
    mixed += [gathered[key] for key in GATHERED]
    found = {"every type, as a site has them": rate(mixed, STREAMS, minutes, rare=STREAMS // 40)}
    for key in by_kind[0]:
        few = key in GATHERED
        size = STREAMS // 20 if few else STREAMS
        found[key] = rate([one[key] for one in by_kind], size, minutes // 3 if few else minutes)
    return found
