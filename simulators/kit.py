"""What the author of a plug-in needs, in one place; docs/plugins.md teaches it.

A new simulator is one decorated function in one file::

    from simulators.kit import sensor

    @sensor("depth", "cm", every=600, between=(0, 300), resolution=1, vi="Độ dày", en="Depth")
    def snow_meter(at, noise, thing, world):
        \"\"\"Snow on the pass: what fell when it was cold.\"\"\"
        return 40 + 15 * noise.wave(at, "snow")

The function's name is the kind (``snow-meter``). One that observes several things at once is
declared with ``simulator`` and ``stream``, as those that ship are.
"""

from collections.abc import Callable
from typing import Any, Final

from ioc.core.calendar import weekday
from ioc.core.words import PROVINCE, Text
from simulators.calendar import local_day, local_hour
from simulators.noise import (
    DAY,
    Noise,
    Times,
    Values,
    binomial,
    exponential,
    gamma,
    lognormal,
    poisson,
    weibull,
)
from simulators.records import Business, Step, Steps, business
from simulators.registry import (
    Observed,
    Simulator,
    Sited,
    Subject,
    simulator,
    stream,
)
from simulators.world import World

__all__ = [
    "DAY",
    "Business",
    "Noise",
    "Observed",
    "Simulator",
    "Sited",
    "Step",
    "Subject",
    "Text",
    "Times",
    "Values",
    "World",
    "binomial",
    "business",
    "exponential",
    "gamma",
    "local_day",
    "local_hour",
    "lognormal",
    "poisson",
    "sensor",
    "simulator",
    "stream",
    "weekday",
    "weibull",
]

ENTRY_POINTS: Final = "ioc.simulators"
"""The group under which an installed package names its plug-ins: a module, or a simulator."""


def sensor(  # noqa: PLR0913 - a declaration: every part has its name where it is used
    observes: str,
    unit: str = "",
    *,
    every: int,
    vi: str,
    en: str,
    between: tuple[float, float] | None = None,
    resolution: float | None = None,
    levels: tuple[str, ...] = (),
    gaps: float = 0.0,
    name: Text | None = None,
    area: str = PROVINCE,
    location: tuple[float, float] | None = None,
    things: tuple[Sited, ...] = (),
) -> Callable[[Callable[..., Values]], Simulator]:
    """Declare a function of (at, noise, thing, world) that gives one array of values.

    Args:
        observes: the datastream's name, a slug.
        unit: UCUM or SenML; empty for a bare number.
        every: period in seconds; it divides a day.
        vi: what is observed, in Vietnamese.
        en: what is observed, in English.
        between: least and greatest value.
        resolution: the step it is rounded to.
        levels: names of its values, for a category.
        gaps: stretches a day in which it observes nothing.
        name: what such a thing is called; else as what it observes.
        area: the area its one thing is of.
        location: where that stands, longitude and latitude; else in the middle of the site.
        things: its things, where it is not one.

    Raises:
        ValueError: the declaration makes no sense; says why.
    """
    told = stream(
        observes,
        unit,
        every=every,
        vi=vi,
        en=en,
        between=between,
        resolution=resolution,
        levels=levels,
    )

    def declare(observe: Callable[..., Values]) -> Simulator:
        kind = str(getattr(observe, "__name__", "")).replace("_", "-").strip("-")

        def observed(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
            return {observes: observe(at, noise, thing, world)}

        observed.__doc__ = observe.__doc__
        return simulator(
            kind=kind,
            name=name or Text(vi, en),
            streams=(told,),
            gaps=gaps,
            things=things or (Sited(area=area, location=location),),
        )(observed)

    return declare


def template(name: str) -> str:
    """Give the file a new plug-in starts from.

    Args:
        name: its kind, a slug.
    """
    function = name.replace("-", "_")
    if function[0].isdigit():
        function = f"n{function}"
    called = name.replace("-", " ").replace("_", " ")
    return f'''"""{called}: change what is said here, save, and look at the wall."""

from simulators.kit import sensor


@sensor("value", "Cel", every=60, between=(-20, 60), resolution=0.1,
        vi="Cảm biến {called}", en="{called} sensor")
def {function}(at, noise, thing, world):
    """What a person should know of it: the air of its place, with a scatter of its own."""
    return world.temperature(at, thing.place, 500) + 0.2 * noise.normal(at, "scatter", 60)
'''


def read_described(told: dict[str, Any], steps: Callable[[int], Steps]) -> dict[str, Any]:
    """Read a declaration that came from another process; see `described`.

    Args:
        told: the declaration.
        steps: gives what asks the other process for the records of its nth declared type.

    Raises:
        ValueError: it makes no sense.
        KeyError: it lacks a part.
        TypeError: a part is of the wrong kind.
    """
    streams = tuple(
        stream(
            str(row["name"]),
            str(row["unit"]),
            every=int(row["every"]),
            vi=str(row["vi"]),
            en=str(row["en"]),
            between=None if row["between"] is None else _pair(row["between"]),
            resolution=None if row["resolution"] is None else float(row["resolution"]),
            levels=tuple(str(level) for level in row["levels"]),
        )
        for row in told["streams"]
    )
    things = tuple(
        Sited(
            id=str(row["id"]),
            name=None if row["name"] is None else Text(*map(str, row["name"])),
            area=str(row["area"]),
            location=None if row["location"] is None else _pair(row["location"]),
            settings=dict(row["settings"]),
        )
        for row in told["things"]
    )
    records = tuple(
        business(
            str(row["type"]),
            vi=str(row["vi"]),
            en=str(row["en"]),
            follows={str(state): tuple(map(str, after)) for state, after in row["follows"]},
            steps=steps(place),
        )
        for place, row in enumerate(told["records"])
    )
    return {
        "kind": str(told["kind"]),
        "name": Text(*map(str, told["name"])),
        "records": records,
        "streams": streams,
        "gaps": float(told["gaps"]),
        "things": things,
        "explains": str(told["explains"]),
    }


def described(player: Simulator) -> dict[str, Any]:
    """Give a declaration as plain data, for another process."""
    return {
        "kind": player.kind,
        "name": [player.name.vi, player.name.en],
        "gaps": player.gaps,
        "explains": player.explains,
        "streams": [
            {
                "name": told.name,
                "unit": told.unit,
                "every": told.period,
                "vi": told.label.vi if told.label else "",
                "en": told.label.en if told.label else "",
                "between": told.span,
                "resolution": told.resolution,
                "levels": told.levels,
            }
            for told in player.streams
        ],
        "things": [
            {
                "id": sited.id,
                "name": None if sited.name is None else [sited.name.vi, sited.name.en],
                "area": sited.area,
                "location": sited.location,
                "settings": dict(sited.settings),
            }
            for sited in player.things
        ],
        "records": [
            {
                "type": told.type,
                "vi": told.label.vi,
                "en": told.label.en,
                "follows": [[state, list(after)] for state, after in told.follows.items()],
            }
            for told in player.records
        ],
    }


def _pair(told: Any) -> tuple[float, float]:  # noqa: ANN401 - read from JSON
    low, high = told
    return float(low), float(high)
