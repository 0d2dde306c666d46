"""Charts as SVG text: the same picture on paper and on a page, without a browser to draw it.

All of them are plain shapes with their numbers beside them; text is escaped. Severities have the
colours of QĐ 18/2021/QĐ-TTg with a dark edge, so that they can be told apart in print.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

SEVERITY_FILLS: Final = ("#40c8ff", "#ffd60a", "#ff9500", "#ff3b30", "#b65cff")
FONT: Final = "Be Vietnam Pro"

_INK: Final = "#1c2733"
_PALE: Final = "#5b6b7c"
_GRID: Final = "#d7dee6"
_LINE: Final = "#2b5c8a"
_EDGE: Final = "#33414f"
_TARGET: Final = "#7a8794"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of parts, by severity from 1 to 5.

    Attributes:
        label: empty for none.
    """

    label: str
    parts: Sequence[int]

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(self.parts)


def columns(bars: Sequence[Bar], width: int, height: int, title: str) -> str:
    """Draw stacked columns side by side, such as alerts by the hour."""
    top, left, bottom = 10, 34, 20
    most, step = ticks(max((bar.total for bar in bars), default=0))
    room, each = height - top - bottom, (width - left - 4) / max(1, len(bars))
    drawn = []
    for value in range(0, most + 1, step):
        y = top + room * (1 - value / most)
        drawn += [
            f'<line x1="{left}" y1="{y:.1f}" x2="{width}" y2="{y:.1f}" stroke="{_GRID}"/>',
            _words(left - 6, y + 3.5, str(value), "end", _PALE),
        ]
    for number, bar in enumerate(bars):
        x, y = left + number * each, float(top + room)
        for severity, count in enumerate(bar.parts):
            tall = room * count / most
            y -= tall
            if count:
                drawn.append(_box(x + each * 0.14, y, each * 0.72, tall, SEVERITY_FILLS[severity]))
        if bar.label:
            drawn.append(_words(x + each / 2, height - 5, bar.label, "middle", _PALE))
    return _svg(width, height, title, drawn)


def rows(bars: Sequence[Bar], width: int, title: str) -> str:
    """Draw stacked bars below one another, each with its name and its sum."""
    each, left, right = 20, 150, 36
    most = max((bar.total for bar in bars), default=0) or 1
    drawn = []
    for number, bar in enumerate(bars):
        y, x = number * each + 3.0, float(left)
        drawn.append(_words(left - 8, y + 11, bar.label, "end", _INK))
        for severity, count in enumerate(bar.parts):
            wide = (width - left - right) * count / most
            if count:
                drawn.append(_box(x, y, wide, each - 6, SEVERITY_FILLS[severity]))
            x += wide
        drawn.append(_words(x + 6, y + 11, str(bar.total), "start", _INK))
    return _svg(width, max(1, len(bars)) * each + 2, title, drawn)


def spark(
    points: Sequence[tuple[float, float]], target: float | None, width: int, height: int, title: str
) -> str:
    """Draw a small line through (time, value), the target dashed and the last point marked."""
    if not points:
        return _svg(width, height, title, [])
    times = [time for time, _ in points]
    values = [value for _, value in points] + ([] if target is None else [target])
    low, high = min(values), max(values)
    spread, wide = (high - low) or 1.0, (times[-1] - times[0]) or 1.0

    def place(time: float, value: float) -> tuple[float, float]:
        level = 0.5 if high == low else (value - low) / spread
        return 3 + (width - 6) * (time - times[0]) / wide, 3 + (height - 6) * (1 - level)

    drawn = []
    if target is not None:
        y = place(times[0], target)[1]
        drawn.append(
            f'<line x1="0" y1="{y:.1f}" x2="{width}" y2="{y:.1f}" stroke="{_TARGET}"'
            ' stroke-dasharray="3 2" stroke-width="0.8"/>'
        )
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
    x, y = place(*points[-1])
    drawn += [
        f'<polyline points="{line}" fill="none" stroke="{_LINE}" stroke-width="1.4"'
        ' stroke-linejoin="round"/>',
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" fill="{_LINE}"/>',
    ]
    return _svg(width, height, title, drawn)


def ticks(most: float) -> tuple[int, int]:
    """Give a round top of an axis of counts, and the step between its lines (at most five)."""
    if most <= 0:
        return 1, 1
    rough = max(1.0, most / 4)
    power = 10 ** math.floor(math.log10(rough))
    step = next(int(one * power) for one in (1, 2, 5, 10) if one * power >= rough)
    return math.ceil(most / step) * step, step


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"'
        f' stroke="{_EDGE}" stroke-width="0.5"/>'
    )


def _words(x: float, y: float, text: str, anchor: str, fill: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FONT}" font-size="10" text-anchor="{anchor}"'
        f' fill="{fill}">{escape(text)}</text>'
    )


def _svg(width: int, height: int, title: str, drawn: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" role="img"><title>{escape(title)}</title>'
        f"{''.join(drawn)}</svg>"
    )
