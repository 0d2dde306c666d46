"""Information security of the province's network: events, incidents, what is protected."""

import numpy as np

from ioc.core.words import Text
from simulators.levels import HOUR, events, share
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="security-centre",
    name=Text("Giám sát an toàn thông tin", "Security operations centre"),
    streams=(
        stream(
            "attacks-blocked", "1", every=HOUR, between=(0, 100000), resolution=1,
            vi="Tấn công đã chặn", en="Attacks blocked",
        ),
        stream(
            "malware", "1", every=HOUR, between=(0, 10000), resolution=1,
            vi="Máy nhiễm mã độc", en="Machines with malware",
        ),
        stream(
            "incidents-critical", "1", every=HOUR, between=(0, 100), resolution=1,
            vi="Sự cố nghiêm trọng đang mở", en="Critical incidents open",
        ),
        stream(
            "machines-covered", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Máy có giám sát tập trung", en="Machines centrally watched",
        ),
    ),
)  # fmt: skip
def security_centre(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Attacks stopped by the hour, incidents open by severity.

    Machines with the agent that watches them.
    """
    wave = np.exp(0.5 * noise.wave(at, "attacks"))
    rush = np.where(world.down(f"attack/{thing.id}", at, mtbf_h=300.0, mttr_h=2.0), 6.0, 1.0)
    critical = world.down(f"critical/{thing.id}", at, mtbf_h=420.0, mttr_h=5.0)
    return {
        "attacks-blocked": events(at, noise, "attacks", np.minimum(70.0 * wave * rush, 900.0)),
        "malware": np.rint(9.0 * np.exp(0.3 * noise.wave(at, "malware"))),
        "incidents-critical": np.where(critical, 1.0, 0.0),
        "machines-covered": share(at, noise, "covered", 92.0, 3.0),
    }
