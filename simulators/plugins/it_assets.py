"""Computers and networks of an area's agencies."""

from ioc.core.words import Text
from simulators.levels import HOUR, share, stock
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="it-assets",
    name=Text("Hạ tầng CNTT cơ quan", "Agencies' computers"),
    streams=(
        stream(
            "computers", "1", every=HOUR, between=(0, 50000), resolution=1,
            vi="Máy tính", en="Computers",
        ),
        stream(
            "computers-district", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Cán bộ tỉnh, huyện có máy tính",
            en="Officials of province and district with a computer",
        ),
        stream(
            "computers-commune", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Cán bộ xã có máy tính", en="Commune officials with a computer",
        ),
        stream(
            "lan-share", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Cơ quan có mạng LAN", en="Agencies on a LAN",
        ),
        stream(
            "obsolete-share", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Máy tính quá niên hạn", en="Computers too old",
        ),
    ),
)  # fmt: skip
def it_assets(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Computers for each hundred officials at district and commune, agencies on a LAN.

    Machines too old.

    Settings: ``computers``.
    """
    del world  # a statistic of the desk, not of the weather
    return {
        "computers": stock(at, noise, "computers", thing.number("computers", 700.0), 0.03),
        "computers-district": share(at, noise, "district", 99.8, 0.2),
        "computers-commune": share(at, noise, "commune", 93.0, 4.0),
        "lan-share": share(at, noise, "lan", 99.5, 0.5),
        "obsolete-share": share(at, noise, "obsolete", 22.0, 8.0),
    }
