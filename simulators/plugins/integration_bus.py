"""Integration buses: LGSP, NGSP, the document axis, identity."""

import numpy as np

from ioc.core.words import Text
from simulators.noise import Noise, Times, gamma, lognormal
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

USUAL = {
    "lgsp": (180.0, 120.0),
    "ngsp": (90.0, 210.0),
    "axis": (40.0, 160.0),
    "identity": (120.0, 85.0),
}
"""Transactions a minute at full load, and median latency in ms without load (assumed)."""

REFUSED = 15.0
"""Milliseconds in which the proxy before it says that it is down."""

DOWN, DEGRADED, UP = 0.0, 1.0, 2.0


@simulator(
    kind="integration-bus",
    name=Text("Trục tích hợp dữ liệu", "Integration bus"),
    streams=(
        stream(
            "transactions", "1/min", every=30, between=(0, 100_000), resolution=1,
            vi="Giao dịch mỗi phút", en="Transactions",
        ),
        stream(
            "latency", "ms", every=30, between=(0, 60_000), resolution=1,
            vi="Độ trễ", en="Latency",
        ),
        stream(
            "errors", "%", every=30, between=(0, 100), resolution=0.01,
            vi="Tỷ lệ lỗi", en="Errors",
        ),
        stream(
            "status", every=30, levels=("down", "degraded", "up"),
            vi="Trạng thái", en="Status",
        ),
    ),
)  # fmt: skip
def integration_bus(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Traffic by the working day, latency by load and trouble; a refusal comes at once.

    Settings: ``role`` (``lgsp``, ``ngsp``, ``axis``, ``identity``), ``busy_per_min``.
    """
    name = thing.word("role", *USUAL)
    peak, median = USUAL[name]
    peak = thing.number("busy_per_min", peak)
    state = world.bus(name, at)
    activity = world.calendar.activity(at)
    wanted = peak * activity * gamma(noise.normal(at, "traffic", 30), 40.0, 1.0)
    queue = state.slow / (1.0 - 0.5 * activity)
    latency = lognormal(noise.normal(at, "latency", 30), median * queue, 0.16)
    errors = state.errors * np.exp(0.35 * noise.normal(at, "errors", 30))
    ailing = (state.slow > 3.0) | (state.errors > 0.05)
    return {
        "transactions": np.where(state.up, wanted, 0.0),
        "latency": np.where(state.up, latency, REFUSED * latency / queue / median),
        "errors": np.where(state.up, 100.0 * np.minimum(errors, 1.0), 100.0),
        "status": np.where(state.up, np.where(ailing, DEGRADED, UP), DOWN),
    }
