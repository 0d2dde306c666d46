"""Weather stations."""

from ioc.core.words import Text
from simulators.noise import Noise, Times
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="weather-station",
    name=Text("Trạm khí tượng", "Weather station"),
    gaps=0.006,
    streams=(
        stream(
            "temperature", "Cel", every=600, between=(-10, 50), resolution=0.1,
            vi="Nhiệt độ không khí", en="Air temperature",
        ),
        stream(
            "humidity", "%RH", every=600, between=(0, 100), resolution=1,
            vi="Độ ẩm tương đối", en="Relative humidity",
        ),
        stream(
            "wind-speed", "m/s", every=600, between=(0, 60), resolution=0.1,
            vi="Tốc độ gió", en="Wind speed",
        ),
        stream(
            "pressure", "hPa", every=600, between=(700, 1100), resolution=0.1,
            vi="Khí áp", en="Air pressure",
        ),
    ),
)  # fmt: skip
def weather_station(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """The world's weather at the station's height, with the instruments' own scatter.

    Settings: ``elevation_m``.
    """
    height = thing.number("elevation_m", world.climate.elevation)
    scatter = noise.normal(at, "scatter", 600)
    warm, damp = world.air(at, thing.place, height)
    return {
        "temperature": warm + 0.15 * scatter,
        "humidity": damp + 1.2 * noise.normal(at, "damp", 600),
        "wind-speed": world.wind(at, thing.place) * (1.0 + 0.25 * noise.wave(at, "valley")),
        "pressure": world.pressure(at, height) + 0.1 * noise.normal(at, "cell", 600),
    }
