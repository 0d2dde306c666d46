"""Dossiers as they are simulated, beside the figures of the sources."""

from typing import Any, Final

import numpy as np

from ioc.core.calendar import weekday
from ioc.core.words import SECOND, instant
from ioc.sites import read_site
from simulators.calendar import local_day
from simulators.cases import NEVER, WEEK
from simulators.dossiers import ONLINE_CHANNEL, filed_in
from simulators.registry import discover
from simulators.world import World

PERIODS: Final = (
    ("2020 (S3: about 96 thousand)", "2020-01-01", "2021-01-01", 96_000),
    ("2021 to 30 April 2022 (S2; its beginning assumed)", "2021-01-01", "2022-05-01", 133_370),
)


def calibration(seed: int | None = None) -> list[dict[str, Any]]:
    """Count a site's dossiers over the sources' periods: received, on time, online, at weekends."""
    site = read_site("dien-bien")
    seed = site.seed if seed is None else seed
    world = World(seed, site.areas, site=site.id)
    player = discover()["one-stop-shop"]
    shops = [player.subject(seed, thing) for thing in site.things if thing.kind == player.kind]
    rows = []
    for name, begins, ends, wanted in PERIODS:
        first, last = (instant(f"{day}T00:00:00+07:00") // SECOND for day in (begins, ends))
        counts = np.zeros(5, np.int64)
        for week in range(first // WEEK - 1, last // WEEK + 1):
            for shop in shops:
                found, _ = filed_in(week, shop, world)
                inside = (found.accepted >= first) & (found.accepted < last)
                done = inside & (found.finished < NEVER)
                late_week = weekday(local_day(found.finished[done] - 1)) >= 5
                counts += [
                    inside.sum(),
                    done.sum(),
                    (done & found.on_time).sum(),
                    (inside & (found.channel == ONLINE_CHANNEL)).sum(),
                    late_week.sum(),
                ]
        received, finished, on_time, online, weekend = counts.tolist()
        rows.append(
            {
                "period": name,
                "received": received,
                "source": wanted,
                "on_time_percent": round(100.0 * on_time / finished, 2),
                "online_percent": round(100.0 * online / received, 2),
                "finished_at_weekends": weekend,
            }
        )
    return rows
