"""Services people and officials use: the portal, the one-stop software, documents and others."""

from typing import NamedTuple

import numpy as np

from ioc.core.words import Text
from simulators.noise import Noise, Times, gamma, lognormal
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


class Usual(NamedTuple):
    """How a service does on a good day (assumed): ms, requests a minute, the bus it stands on."""

    latency: float
    requests: float
    bus: str


SERVICES = {
    "web": Usual(180.0, 420.0, ""),
    "one-stop": Usual(240.0, 220.0, "lgsp"),
    "documents": Usual(220.0, 300.0, "axis"),
    "mail": Usual(120.0, 150.0, "identity"),
    "reports": Usual(320.0, 40.0, "lgsp"),
    "tasks": Usual(200.0, 30.0, "identity"),
    "video": Usual(90.0, 25.0, ""),
    "portal": Usual(260.0, 360.0, "lgsp"),
}
REFUSED = 15.0
"""Milliseconds in which the proxy before it says that it is down."""

DOWN, DEGRADED, UP = 0.0, 1.0, 2.0
TIMEOUT = 4.0
"""Factor on latency while the bus below is down: callers wait for it."""

SLUGGISH = 4.0
"""Factor on the usual latency from which a service counts as degraded."""


@simulator(
    kind="service",
    name=Text("Dịch vụ, nền tảng số", "Digital service"),
    streams=(
        stream(
            "status", every=30, levels=("down", "degraded", "up"),
            vi="Trạng thái", en="Status",
        ),
        stream(
            "latency", "ms", every=30, between=(0, 60_000), resolution=1,
            vi="Thời gian đáp ứng", en="Latency",
        ),
        stream(
            "requests", "1/min", every=30, between=(0, 100_000), resolution=1,
            vi="Yêu cầu mỗi phút", en="Requests",
        ),
    ),
)  # fmt: skip
def service(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """A service on the data centre and perhaps a bus: it fails with them, and seldom alone.

    Settings: ``role`` (one of the names above), ``needs`` (a bus), ``busy_per_min``.
    """
    name = thing.word("role", *SERVICES)
    usual = SERVICES[name]
    alone = world.down(f"service/{thing.id}", at, mtbf_h=720.0, mttr_h=0.75)
    up = world.room_up(at) & ~alone
    wait = np.ones(len(at))
    needs = str(thing.settings.get("needs", usual.bus))
    if needs:
        below = world.bus(needs, at)
        wait = np.where(below.up, 1.0 + 0.6 * (below.slow - 1.0), TIMEOUT)
    load = world.calendar.activity(at) * world.overload(at, name)
    queue = wait / (1.0 - np.minimum(0.42 * load, 0.93))
    latency = lognormal(noise.normal(at, "latency", 30), usual.latency * queue, 0.16)
    peak = thing.number("busy_per_min", usual.requests)
    requests = peak * load * gamma(noise.normal(at, "requests", 30), 30.0, 1.0)
    return {
        "status": np.where(up, np.where(queue > SLUGGISH - 0.05, DEGRADED, UP), DOWN),
        "latency": np.where(up, latency, REFUSED * latency / queue / usual.latency),
        "requests": np.where(up, requests, 0.0),
    }
