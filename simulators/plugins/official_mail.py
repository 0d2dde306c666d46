"""Official mail: accounts, those in use, messages."""

import numpy as np

from ioc.core.words import Text
from simulators.levels import HOUR, events, office_hour, share, stock
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="official-mail",
    name=Text("Thư điện tử công vụ", "Official mail"),
    streams=(
        stream(
            "mailboxes", "1", every=HOUR, between=(0, 50000), resolution=1,
            vi="Hộp thư công vụ", en="Mailboxes",
        ),
        stream(
            "mailboxes-active", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Hộp thư dùng thường xuyên", en="Mailboxes in regular use",
        ),
        stream(
            "officials-with-mail", "%", every=HOUR, between=(0, 100), resolution=0.1,
            vi="Cán bộ có thư công vụ", en="Officials with official mail",
        ),
        stream(
            "messages", "1", every=HOUR, between=(0, 100000), resolution=1,
            vi="Thư đi, đến", en="Messages",
        ),
    ),
)  # fmt: skip
def official_mail(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Mailboxes of an area's officials, and how many of them were used within the week.

    Settings: ``mailboxes``.
    """
    size = thing.number("mailboxes", 800.0)
    up = world.bus("identity", at).up
    means = np.minimum(0.9 * size * office_hour(at, world), 400.0)
    return {
        "mailboxes": stock(at, noise, "mailboxes", size, 0.01),
        "mailboxes-active": share(at, noise, "active", 91.5, 4.0),
        "officials-with-mail": share(at, noise, "with-mail", 99.7, 0.3),
        "messages": np.where(up, events(at, noise, "messages", means), 0.0),
    }
