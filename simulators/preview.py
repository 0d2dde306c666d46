"""Draws a day of a simulator: for a terminal, and as a page that needs nothing but itself."""

import html
import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from ioc.core.words import Datastream
from simulators.calendar import OFFSET
from simulators.noise import DAY, Times, Values
from simulators.registry import Simulator, ThingLike
from simulators.world import World

WIDTH: Final = 72
"""Characters of a drawing; each is two dots wide and four high."""

HEIGHT: Final = 6
_DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille character, by row and column."""

_BRAILLE: Final = 0x2800
_MARGIN: Final = 9
_PLOT: Final = (920, 150)
_LEFT: Final = 90


class Drawn(NamedTuple):
    """One datastream's day."""

    stream: Datastream
    at: Times
    values: Values


def day_of(player: Simulator, thing: ThingLike, world: World, day: int) -> list[Drawn]:
    """Observe one local day, midnight to midnight.

    Args:
        player: the simulator.
        thing: whose day.
        world: where.
        day: days since 1970 of the local calendar.
    """
    subject = player.subject(world.seed, thing)
    start = day * DAY - OFFSET
    found = []
    for stream in player.streams:
        at = player.due(subject, int(stream.period or DAY), start - 1, start + DAY - 1)
        found.append(Drawn(stream, at, player.values(at, subject, world)[stream.name]))
    return found


def text_of(drawn: Sequence[Drawn]) -> str:
    """Draw datastreams in braille, one below the other."""
    return "\n\n".join(_text(one) for one in drawn)


def page_of(player: Simulator, drawn: Sequence[Drawn], date: str) -> str:
    """Draw datastreams as one HTML page, with everything it needs inside it."""
    title = f"{player.name.vi} · {player.name.en}"
    charts = "\n".join(_chart(one) for one in drawn)
    return f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>{html.escape(title)}</title>
<style>
:root {{ color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }}
body {{ max-width: 1040px; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.3rem; margin-bottom: .2rem; }}
p, figcaption small {{ opacity: .75; }}
figure {{ margin: 1.2rem 0; }}
svg {{ width: 100%; height: auto; font-size: 12px; fill: currentColor; }}
.line {{ fill: none; stroke: #1a7fa8; stroke-width: 1.4; }}
.grid {{ stroke: currentColor; stroke-opacity: .15; }}
</style></head><body>
<h1>{html.escape(title)}</h1>
<p>{html.escape(player.kind)} · {html.escape(date)} · {html.escape(player.explains)}</p>
{charts}
</body></html>
"""


def _span(one: Drawn) -> tuple[float, float]:
    """Give what the axis reaches from and to: what was seen, or all levels."""
    if one.stream.levels:
        return 0.0, float(max(len(one.stream.levels) - 1, 1))
    there = one.values[~np.isnan(one.values)]
    if not len(there):
        return 0.0, 1.0
    low, high = float(there.min()), float(there.max())
    room = (one.stream.resolution or 1.0) if low == high else 0.0
    return low - room, high + room


def _named(one: Drawn, value: float) -> str:
    levels = one.stream.levels
    if levels:
        return levels[min(max(round(value), 0), len(levels) - 1)]
    resolution = one.stream.resolution or 1.0
    places = max(0, math.ceil(-math.log10(resolution) - 1e-9)) if resolution < 1.0 else 0
    return f"{value:.{places}f}"


def _headline(one: Drawn) -> str:
    there = one.values[~np.isnan(one.values)]
    label = one.stream.label
    said = f"{one.stream.name}  {label.vi} · {label.en}" if label else one.stream.name
    unit = f"  [{one.stream.unit}]" if one.stream.unit else ""
    silent = len(one.values) - len(there)
    gone = f", {silent} missing" if silent else ""
    return f"{said}{unit}  every {one.stream.period} s: {len(there)} values{gone}"


def _text(one: Drawn) -> str:
    low, high = _span(one)
    cells = [[0] * WIDTH for _ in range(HEIGHT)]
    columns, rows = 2 * WIDTH, 4 * HEIGHT
    start = (int(one.at[0]) + OFFSET) // DAY * DAY - OFFSET if len(one.at) else 0
    before = -1
    for x in range(columns):
        within = (one.at >= start + DAY * x / columns) & (one.at < start + DAY * (x + 1) / columns)
        seen = one.values[within & ~np.isnan(one.values)]
        if not len(seen):
            continue
        dots = [round((value - low) / (high - low) * (rows - 1)) for value in seen.tolist()]
        least, most = min(dots), max(dots)
        if before >= 0:  # joined to the column before, so that a slow stream is a line
            least, most = min(least, max(before, 0)), max(most, before)
        before = dots[-1]
        for dot in range(least, most + 1):
            y = rows - 1 - dot
            cells[y // 4][x // 2] |= _DOTS[y % 4][x % 2]
    lines = [_headline(one)]
    for number, row in enumerate(cells):
        mark = {0: _named(one, high), HEIGHT - 1: _named(one, low)}.get(number, "")
        drawn = "".join(chr(_BRAILLE + bits) for bits in row)
        lines.append(f"{mark[:_MARGIN]:>{_MARGIN}} ┤{drawn}")
    axis = "".join(f"{hour:<{WIDTH // 8}}" for hour in range(0, 24, 3))
    lines.append(f"{'':>{_MARGIN}} └{axis}24")
    return "\n".join(lines)


def _chart(one: Drawn) -> str:
    low, high = _span(one)
    wide, tall = _PLOT
    start = (int(one.at[0]) + OFFSET) // DAY * DAY - OFFSET if len(one.at) else 0
    path, pen = [], "M"
    for at, value in zip(one.at.tolist(), one.values.tolist(), strict=True):
        if math.isnan(value):
            pen = "M"
            continue
        x = _LEFT + wide * (at - start) / DAY
        y = 10 + tall * (1.0 - (value - low) / (high - low))
        path.append(f"{pen}{x:.1f} {y:.1f}")
        pen = "L"
    columns = [(hour, round(_LEFT + wide * hour / 24)) for hour in range(0, 25, 3)]
    grid = "".join(
        f'<line class="grid" x1="{x}" x2="{x}" y1="10" y2="{10 + tall}"/>'
        f'<text x="{x}" y="{tall + 28}" text-anchor="middle">{hour:02d}</text>'
        for hour, x in columns
    )
    marks = "".join(
        f'<text x="{_LEFT - 8}" y="{y}" text-anchor="end">{html.escape(_named(one, value))}</text>'
        for value, y in ((high, 16), (low, 10 + tall))
    )
    return (
        f"<figure><figcaption><small>{html.escape(_headline(one))}</small></figcaption>"
        f'<svg viewBox="0 0 {wide + _LEFT + 20} {tall + 34}" role="img">{grid}{marks}'
        f'<path class="line" d="{" ".join(path)}"/></svg></figure>'
    )
