"""Health: hospitals, laboratories, telehealth, vaccination, and the epidemic as it is reported."""

import numpy as np

from ioc.core.words import Text
from simulators.calendar import local_day
from simulators.noise import DAY, Noise, Times, Values, binomial, gamma, lognormal, poisson
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World

PERIOD = 900
DAYTIME = 30.0
"""Quarter hours of a working day."""

USUAL_BEDS = 0.72
PER_BED = 1.1
"""Visits a working day for each bed."""

SINGLE_CASES = 6.0
TOLD_AT = 9 * 3_600
"""Seconds of the UTC day at which a day's cases are told (16:00)."""

DOSES = 0.00032
"""Doses a working day for each inhabitant."""


@simulator(
    kind="hospital",
    name=Text("Bệnh viện, trung tâm y tế", "Hospital"),
    streams=(
        stream(
            "visits", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Lượt khám", en="Visits",
        ),
        stream(
            "beds", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Giường bệnh", en="Beds",
        ),
        stream(
            "beds-used", "1", every=PERIOD, between=(0, 6000), resolution=1,
            vi="Giường đang dùng", en="Beds used",
        ),
        stream(
            "occupancy", "%", every=PERIOD, between=(0, 200), resolution=0.1,
            vi="Công suất sử dụng giường", en="Bed occupancy",
        ),
        stream(
            "claims-waiting", "1", every=PERIOD, between=(0, 20_000), resolution=1,
            vi="Hồ sơ BHYT chờ đồng bộ", en="Insurance claims waiting",
        ),
    ),
)  # fmt: skip
def hospital(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Visits by the working day, beds by season and epidemic, claims that wait for the network.

    Settings: ``beds``, ``share`` (of the province's hospital beds).
    """
    beds = np.rint(thing.number("beds", 160.0))
    fallen_ill = world.epidemic(at).in_hospital * thing.number("share", 0.1)
    cold = 0.05 * np.cos(2.0 * np.pi * (local_day(at) - 15) / 365.25)
    usual = beds * (USUAL_BEDS + cold + 0.05 * noise.wave(at, "beds", ((3 * DAY, 1.0),)))
    used = np.rint(usual + fallen_ill)
    afraid = 1.0 - np.minimum(6.0 * world.epidemic(at).ill, 0.5)
    part = world.calendar.open_share(at, PERIOD) / DAYTIME + 0.0012
    mean = beds * PER_BED * part * afraid * gamma(noise.normal(at, "day", DAY), 40.0, 1.0)
    visits = poisson(noise.uniform(at, "visits", PERIOD), mean)
    away = np.maximum(world.fibre_lost(at, thing.place), world.mains_lost(at, thing.place))
    stuck = np.minimum(away / PERIOD, 40.0) * beds * PER_BED / DAYTIME
    return {
        "visits": visits,
        "beds": np.full(len(at), beds),
        "beds-used": used,
        "occupancy": 100.0 * used / max(beds, 1.0),
        "claims-waiting": 0.1 * visits + stuck + np.where(world.bus("lgsp", at).up, 0.0, 40.0),
    }


@simulator(
    kind="laboratory",
    name=Text("Xét nghiệm (LIS)", "Laboratory"),
    streams=(
        stream(
            "tests", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Mẫu xét nghiệm", en="Tests",
        ),
        stream(
            "turnaround", "min", every=PERIOD, between=(0, 2880), resolution=1,
            vi="Thời gian trả kết quả", en="Turnaround",
        ),
    ),
)  # fmt: skip
def laboratory(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Tests follow the visits and the epidemic; results wait when there are more than hands.

    Settings: ``daily_tests``, ``share`` (of the province's).
    """
    daily = thing.number("daily_tests", 320.0)
    cases = world.epidemic(at).cases * thing.number("share", 0.1)
    part = world.calendar.open_share(at, PERIOD) / DAYTIME + 0.002
    load = 1.0 + 4.0 * cases / daily
    busy = np.minimum(0.55 * load * world.calendar.activity(at), 0.95)
    dark = np.where(world.mains_lost(at, thing.place) > 600.0, 90.0, 0.0)
    wait = 55.0 / (1.0 - busy) + dark
    return {
        "tests": poisson(noise.uniform(at, "tests", PERIOD), daily * load * part),
        "turnaround": lognormal(noise.normal(at, "turnaround", PERIOD), wait, 0.15),
    }


@simulator(
    kind="telehealth",
    name=Text("Khám chữa bệnh từ xa", "Telehealth"),
    streams=(
        stream(
            "status", every=PERIOD, levels=("offline", "online"),
            vi="Trạng thái", en="Status",
        ),
        stream(
            "sessions", "1", every=PERIOD, between=(0, 200), resolution=1,
            vi="Phiên hội chẩn", en="Sessions",
        ),
    ),
)  # fmt: skip
def telehealth(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """A site's link to the upper hospitals, and the consultations of the quarter hour over it."""
    dark = world.mains_lost(at, thing.place) > 900.0
    away = (world.fibre_lost(at, thing.place) > 0.0) & (noise.constant("radio") < 0.7)
    broken = world.down(f"telehealth/{thing.id}", at, mtbf_h=800.0, mttr_h=1.5)
    online = ~(dark | away | broken)
    part = world.calendar.open_share(at, PERIOD) / DAYTIME
    wanted = 2.2 * part * (1.0 + 12.0 * world.epidemic(at).ill)
    sessions = poisson(noise.uniform(at, "sessions", PERIOD), wanted)
    return {"status": np.where(online, 1.0, 0.0), "sessions": np.where(online, sessions, 0.0)}


@simulator(
    kind="vaccination",
    name=Text("Tiêm chủng", "Vaccination"),
    streams=(
        stream(
            "doses-given", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Mũi đã tiêm", en="Doses given",
        ),
        stream(
            "doses-entered", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Mũi đã nhập hệ thống", en="Doses entered",
        ),
        stream(
            "doses-missing", "1", every=PERIOD, between=(0, 5000), resolution=1,
            vi="Mũi chưa nhập hôm nay", en="Doses of today not entered",
        ),
    ),
)  # fmt: skip
def vaccination(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Doses are entered in the quarter hour after they are given, and late without a network.

    Settings: ``people`` (of the district).
    """
    given = _given(at, noise, thing, world)
    entered = _entered(at, noise, thing, world)
    slots = np.arange(DAY // PERIOD) * PERIOD
    days, back = np.unique(at // DAY, return_inverse=True)
    times = (days[:, None] * DAY + slots + thing.phase).ravel()
    gap = _given(times, noise, thing, world) - _entered(times, noise, thing, world)
    missing = np.cumsum(gap.reshape(len(days), -1), axis=1)
    return {
        "doses-given": given,
        "doses-entered": entered,
        "doses-missing": missing[back, at % DAY // PERIOD],
    }


def _given(at: Times, noise: Noise, thing: Subject, world: World) -> Values:
    part = world.calendar.open_share(at, PERIOD) / DAYTIME
    mean = thing.number("people", 60_000.0) * DOSES * part
    return poisson(noise.uniform(at, "given", PERIOD), mean)


def _entered(at: Times, noise: Noise, thing: Subject, world: World) -> Values:
    """Give what was given a quarter hour ago and could be entered."""
    then = at - PERIOD
    given = np.where(then // DAY == at // DAY, _given(then, noise, thing, world), 0.0)
    away = (world.fibre_lost(at, thing.place) > 0.0) | (world.mains_lost(at, thing.place) > 0.0)
    share = np.where(away, 0.2, 0.999)
    return binomial(noise.uniform(at, "entered", PERIOD), given, share)


@simulator(
    kind="epidemic",
    name=Text("Giám sát dịch bệnh", "Epidemic surveillance"),
    streams=(
        stream(
            "new-cases", "1", every=3600, between=(0, 100_000), resolution=1,
            vi="Ca mắc mới", en="New cases",
        ),
        stream(
            "growth", "", every=3600, between=(0, 20), resolution=0.01,
            vi="Ca 7 ngày so với 7 ngày trước", en="Cases of 7 days to the 7 before",
        ),
        stream(
            "in-hospital", "1", every=3600, between=(0, 20_000), resolution=1,
            vi="Đang điều trị", en="In hospital",
        ),
    ),
)  # fmt: skip
def epidemic(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """What the province reports at 16:00: a stochastic SEIR wave a season (R0 2.5), thinned.

    Between the waves there are single cases. Few make no growth worth telling: twenty are added
    to both weeks.
    """
    days = np.array([_cases(at - back * DAY, noise, world) for back in range(14)])
    stand = world.epidemic(at)
    return {
        "new-cases": days[0],
        "growth": (20.0 + days[:7].sum(axis=0)) / (20.0 + days[7:].sum(axis=0)),
        "in-hospital": stand.in_hospital,
    }


def _cases(at: Times, noise: Noise, world: World) -> Values:
    """Give the cases of the last day that was told: the wave's and single ones."""
    told = (at - TOLD_AT) // DAY * DAY
    single = poisson(noise.uniform(told, "single", DAY), np.full(len(at), SINGLE_CASES))
    return world.epidemic(at).cases + single
