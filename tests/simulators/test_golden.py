"""What the province said yesterday it says today: two whole days of it, kept as digests.

A day of the dry months and one of the wet are told by things of every kind, without faults, in
whole steps of each datastream's resolution. Where numpy and the machine's vector units are those
the digests were made with, every single value must be the same; elsewhere the last bit of an
exponential may differ, so there the counts must be the same and the sums very nearly.

``python -m tests.simulators.test_golden`` keeps what is said now: only for a change that is meant.
"""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from simulators.noise import DAY
from simulators.registry import Days, discover
from simulators.world import World
from tests.simulators.conftest import SmallSite

GOLDEN = Path(__file__).with_name("golden.json")
DRY, WET = 20_773, 20_651
"""Monday 16 November 2026 and Friday 17 July 2026, UTC."""

KINDS = sorted(discover())


def machine():
    simd = np.show_config(mode="dicts")["SIMD Extensions"]
    return f"{np.__version__} {' '.join(simd.get('found', []))}"


def spoken(kind):
    """A digest of all steps, their count, and their sum by datastream."""
    site = SmallSite("golden")
    world = World(site.seed, site.areas, site="dien-bien")
    days = Days(world, discover(), 1)
    digest = sha256()
    counts: dict[str, int] = {}
    sums: dict[str, int] = {}
    for thing in (thing for thing in site.things if thing.kind == kind):
        days.add(thing)
        for day in (DRY, WET):
            for stream, at, values in days.between(thing.id, day * DAY - 1, day * DAY + DAY - 1):
                steps = np.rint(values / (stream.resolution or 1.0)).astype(np.int64)
                digest.update(f"{thing.id}/{stream.name}".encode())
                digest.update(at.tobytes() + steps.tobytes())
                counts[stream.name] = counts.get(stream.name, 0) + len(at)
                sums[stream.name] = sums.get(stream.name, 0) + int(steps.sum())
    return {"digest": digest.hexdigest(), "counts": counts, "sums": sums}


def test_there_is_a_digest_of_every_kind():
    assert sorted(json.loads(GOLDEN.read_text("utf-8"))["kinds"]) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_two_days_of_the_province_are_what_they_were(kind):
    golden = json.loads(GOLDEN.read_text("utf-8"))
    was, now = golden["kinds"][kind], spoken(kind)
    assert now["counts"] == was["counts"]
    if machine() == golden["machine"]:
        assert now["digest"] == was["digest"]
    for name, total in was["sums"].items():
        assert abs(now["sums"][name] - total) <= max(5, was["counts"][name] // 1_000), name


if __name__ == "__main__":
    kept = {"machine": machine(), "kinds": {kind: spoken(kind) for kind in KINDS}}
    GOLDEN.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
