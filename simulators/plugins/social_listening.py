"""What newspapers and social networks say of the province."""

import numpy as np

from ioc.core.words import Text
from simulators.levels import HOUR, events
from simulators.noise import Noise, Times, binomial
from simulators.registry import Observed, Subject, simulator, stream
from simulators.world import World


@simulator(
    kind="social-listening",
    name=Text("Lắng nghe mạng xã hội", "Social listening"),
    streams=(
        stream(
            "mentions", "1", every=HOUR, between=(0, 10000), resolution=1,
            vi="Lượt nhắc tới", en="Mentions",
        ),
        stream(
            "negative", "1", every=HOUR, between=(0, 10000), resolution=1,
            vi="Lượt nhắc tiêu cực", en="Negative mentions",
        ),
        stream(
            "press-articles", "1", every=HOUR, between=(0, 1000), resolution=1,
            vi="Bài báo", en="Press articles",
        ),
    ),
)  # fmt: skip
def social_listening(at: Times, noise: Noise, thing: Subject, world: World) -> Observed:
    """Mentions by the hour; troubles of the people bring more, and more of them negative."""
    dark = np.where(world.mains_lost(at, thing.place) > 0.0, 0.6, 0.0)
    suffer = np.maximum(dark, np.where(world.road_closed(at, thing.place), 0.4, 0.0))
    hour = 0.35 + 0.65 * world.calendar.activity(at)
    mentions = events(at, noise, "mentions", np.minimum(26.0 * hour * (1.0 + 3.0 * suffer), 300.0))
    sour = np.clip(0.09 + 0.03 * noise.wave(at, "mood") + 0.25 * suffer, 0.01, 0.8)
    return {
        "mentions": mentions,
        "negative": binomial(noise.uniform(at, "negative", HOUR), mentions, sour),
        "press-articles": events(at, noise, "press", 2.2 * hour),
    }
