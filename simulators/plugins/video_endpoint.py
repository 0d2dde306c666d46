"""Video-conference endpoints of communes."""

import numpy as np

from ioc.core.words import Text
from simulators.noise import Noise, Times, lognormal
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

OFFLINE, ONLINE = 0.0, 1.0


@simulator(
    kind="video-endpoint",
    name=Text("Điểm cầu truyền hình", "Video endpoint"),
    streams=(
        stream(
            "status", every=300, levels=("offline", "online"),
            vi="Trạng thái", en="Status",
        ),
        stream(
            "loss", "%", every=300, between=(0, 100), resolution=0.01,
            vi="Mất gói", en="Packet loss",
        ),
        stream(
            "jitter", "ms", every=300, between=(0, 2000), resolution=0.1,
            vi="Biến động trễ", en="Jitter",
        ),
    ),
)  # fmt: skip
def video_endpoint(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Online while it has mains, fibre and itself; away, it sends nothing and loses nothing."""
    dark = (world.mains_lost(at, thing.place) > 0.0) | (world.fibre_lost(at, thing.place) > 0.0)
    broken = world.down(f"endpoint/{thing.id}", at, mtbf_h=1_200.0, mttr_h=1.5)
    poor = world.down(f"line/{thing.id}", at, mtbf_h=2_000.0, mttr_h=0.4)
    there = ~(dark | broken)
    busy = world.calendar.activity(at)
    wet = np.tanh(world.rain(at, thing.place) / 20.0)
    loss = lognormal(
        noise.normal(at, "loss", 300), 0.10 + 0.15 * busy + 0.5 * wet + 5.0 * poor, 0.45
    )
    jitter = lognormal(noise.normal(at, "jitter", 300), 5.0 + 4.0 * busy + 5.0 * wet, 0.25)
    return {
        "status": np.where(there, ONLINE, OFFLINE),
        "loss": np.where(there, loss, 0.0),
        "jitter": np.where(there, jitter * np.where(poor, 6.0, 1.0), 0.0),
    }
