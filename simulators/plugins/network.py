"""Networks of the administration: the specialised network's links, agencies' own sites."""

import numpy as np

from ioc.core.words import Text
from simulators.noise import Noise, Times, Truths, binomial, lognormal, poisson
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

PERIOD = 300
DOWN, DEGRADED, UP = 0.0, 1.0, 2.0
POOR_LOSS = 3.0
"""Per cent of packets lost from which a link is degraded."""


@simulator(
    kind="network-link",
    name=Text("Kết nối mạng TSLCD", "Specialised-network link"),
    streams=(
        stream(
            "status", every=PERIOD, levels=("down", "degraded", "up"),
            vi="Trạng thái", en="Status",
        ),
        stream(
            "loss", "%", every=PERIOD, between=(0, 100), resolution=0.01,
            vi="Mất gói", en="Packet loss",
        ),
        stream(
            "flaps", "1", every=PERIOD, between=(0, 100), resolution=1,
            vi="Số lần chập chờn", en="Flaps",
        ),
        stream(
            "connected", "%", every=PERIOD, between=(0, 100), resolution=0.1,
            vi="Cơ quan kết nối được", en="Agencies connected",
        ),
    ),
)  # fmt: skip
def network_link(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """A district's way into the specialised network, and the agencies that reach it.

    Settings: ``connected_percent`` (of the agencies have the link at all).
    """
    cut = (world.fibre_lost(at, thing.place) > 0.0) & (noise.constant("ring") < 0.6)
    alone = world.down(f"link/{thing.id}", at, mtbf_h=900.0, mttr_h=0.8)
    poor = world.down(f"poor/{thing.id}", at, mtbf_h=700.0, mttr_h=0.5)
    up = ~(cut | alone)
    busy = world.calendar.activity(at)
    loss = lognormal(noise.normal(at, "loss", PERIOD), 0.08 + 0.12 * busy + 5.0 * poor, 0.4)
    flaps = poisson(noise.uniform(at, "flaps", PERIOD), 0.003 + 1.5 * poor + 0.5 * (cut & up))
    most = thing.number("connected_percent", 69.0)
    reach = np.where(world.mains_lost(at, thing.place) > 0.0, 0.45, 0.995)
    return {
        "status": np.where(up, np.where(loss > POOR_LOSS, DEGRADED, UP), DOWN),
        "loss": np.where(up, loss, 100.0),
        "flaps": flaps,
        "connected": np.where(up, most * reach, 0.0),
    }


@simulator(
    kind="agency-network",
    name=Text("Mạng LAN và Internet cơ quan", "Agencies' LAN and Internet"),
    streams=(
        stream(
            "sites", "1", every=PERIOD, between=(0, 1000), resolution=1,
            vi="Cơ quan có mạng", en="Sites",
        ),
        stream(
            "lan-up", "1", every=PERIOD, between=(0, 1000), resolution=1,
            vi="Mạng LAN hoạt động", en="LANs up",
        ),
        stream(
            "internet-up", "1", every=PERIOD, between=(0, 1000), resolution=1,
            vi="Internet hoạt động", en="Internet up",
        ),
        stream(
            "online", "%", every=PERIOD, between=(0, 100), resolution=0.1,
            vi="Cơ quan có Internet", en="Agencies online",
        ),
    ),
)  # fmt: skip
def agency_network(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """The agencies of a district: no mains, no LAN; no fibre, no Internet.

    Settings: ``sites`` (how many agencies).
    """
    sites = np.full(len(at), np.rint(thing.number("sites", 24.0)))
    lan = binomial(noise.uniform(at, "lan", PERIOD), sites, _reach(at, thing, world, mains=0.35))
    cut = (world.fibre_lost(at, thing.place) > 0.0) & (noise.constant("ring") < 0.6)
    internet = binomial(noise.uniform(at, "internet", PERIOD), lan, np.where(cut, 0.2, 0.998))
    online = 100.0 * internet / np.maximum(sites, 1.0)
    return {"sites": sites, "lan-up": lan, "internet-up": internet, "online": online}


def _reach(at: Times, thing: Subject, world: World, mains: float) -> np.typing.NDArray[np.float64]:
    dark: Truths = world.mains_lost(at, thing.place) > 0.0
    return np.where(dark, mains, 0.9985)
