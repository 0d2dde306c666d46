"""Schematic areas: polygons drawn from the districts' centres and sizes alone.

No district boundary of Vietnam is published under a licence this project could ship, so a site
without its own GeoJSON gets a drawing that is honest about being one: a cell around each
district's centre, about as large as the district really is, and the province as all of them
together.

The cells are those of a power diagram (a Voronoi diagram with weights). Beside the districts it
has seeds that stand for the country around: a grid of points too far from every centre to be the
province's. Their cells are left out, which gives the province an outline with bays in it; the
weights are moved until the districts' sizes fit.

Points are ``(longitude, latitude)`` in degrees. Rings are closed (the first point is repeated at
the end) and run counter-clockwise, as RFC 7946 asks. The arithmetic is done in kilometres on a
plane through the middle of the bounding box: a province is small enough for that.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Final

from ioc.core.settings_error import SettingsError
from ioc.core.words import Area

Point = tuple[float, float]
Ring = tuple[Point, ...]
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

KM_A_DEGREE: Final = 111.195
"""One degree of latitude on a sphere of 6,371 km."""

_STEPS: Final = 50
_PULL: Final = 0.25
_SWEEPS: Final = 20
_NEAREST: Final = 0.6
_HOME: Final = 0.9
_GRID: Final = 0.7
_REACHES: Final = (1.35, 1.6, 2.0, 2.6, 3.4)
_SNAP_KM: Final = 0.01
_PART: Final = 0.35
_MOST_AROUND: Final = 400
_DECIMALS: Final = 5
_RING_LEAST: Final = 4
_POLYGONS: Final = {"Polygon": 1, "MultiPolygon": 2}


def schematic(areas: Iterable[Area], box: Box) -> dict[str, dict[str, Any]]:
    """Draw every area of a site: the outline for the whole, one cell for each part of it.

    Args:
        areas: the site's areas; the one without a parent is the whole, those directly below it
            are drawn. Deeper ones have no shape.
        box: the province's bounding box.

    Returns:
        A GeoJSON Polygon for each area drawn, by its id.
    """
    listed = list(areas)
    wholes = [area for area in listed if area.parent is None]
    if not wholes:
        return {}
    whole = wholes[0]
    parts = [area for area in listed if area.parent == whole.id] or [whole]
    sizes = {area.id: area.km2 for area in parts if area.km2}
    rings = cells(
        {area.id: area.location for area in parts},
        box,
        km2=sizes if len(sizes) == len(parts) else None,
    )
    shapes = {whole.id: outline(rings.values())[0], **rings}
    return {name: polygon(ring) for name, ring in shapes.items()}


def cells(
    centres: Mapping[str, Point], box: Box, *, km2: Mapping[str, float] | None = None
) -> dict[str, Ring]:
    """Draw a cell around each centre, inside a box.

    Args:
        centres: the centre of each area, by its id.
        box: what none of them reaches over.
        km2: how large each cell should be; without sizes they share a third of the box. A cell
            stays larger or smaller than asked where its centre would otherwise leave it.

    Returns:
        A ring for each area. No two overlap, and together they are one piece without a hole.
    """
    plane = _Plane(box)
    corner = plane.to_km((box[2], box[3]))
    frame = [(-corner[0], -corner[1]), (corner[0], -corner[1]), corner, (-corner[0], corner[1])]
    seeds = {name: plane.to_km(point) for name, point in sorted(centres.items())}
    sizes = dict(km2 or dict.fromkeys(seeds, _PART * _area(frame) / len(seeds)))
    for reach in _REACHES:
        rings = plane.rings(_Diagram(seeds, sizes, frame, reach).settled())
        if len(outline(rings.values())) == 1:
            return rings
    return plane.rings(_Diagram(seeds, sizes, frame, math.inf).settled())  # they fill the box


def outline(rings: Iterable[Ring]) -> list[Ring]:
    """Give what surrounds cells that touch: the edges no two of them share, as rings.

    One ring means one piece without a hole.
    """
    edges = {edge for ring in rings for edge in pairwise(ring)}
    onward: dict[Point, list[Point]] = {}
    for start, end in sorted(edges):
        if (end, start) not in edges:
            onward.setdefault(start, []).append(end)
    found: list[Ring] = []
    while onward:
        walk = [next(iter(onward))]
        while walk[-1] in onward:
            ways = onward[walk[-1]]
            end = ways.pop()
            if not ways:
                del onward[walk[-1]]
            walk.append(end)
        found.append(tuple(walk))
    return found


def area_km2(ring: Ring) -> float:
    """Give the size of a closed ring in square kilometres."""
    plane = _Plane(_box_of(ring))
    return _area([plane.to_km(point) for point in ring[:-1]])


def contains(ring: Ring, point: Point) -> bool:
    """Tell whether a point lies inside a closed ring (even-odd rule; an edge may go either way)."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def polygon(ring: Ring) -> dict[str, Any]:
    """Write a ring as a GeoJSON Polygon."""
    return {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}


def read_geojson(document: object, areas: Iterable[Area], box: Box) -> dict[str, dict[str, Any]]:
    """Take a site's own shapes out of a GeoJSON FeatureCollection.

    A feature belongs to the area its ``id``, or its property ``area``, names.

    Raises:
        SettingsError: it is no such collection, a feature names no area, an area below the
            whole has no feature, or a ring is open, too short or outside the bounding box.
    """
    features = document.get("features") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or document.get("type") != "FeatureCollection":
        raise SettingsError('must be a GeoJSON object of type "FeatureCollection"', key="type")
    if not isinstance(features, list):
        raise SettingsError("must be a list of features", key="features")
    listed = {area.id: area for area in areas}
    shapes: dict[str, dict[str, Any]] = {}
    for number, feature in enumerate(features):
        try:
            area = _area_of(feature, listed)
            shapes[area] = _shape_of(feature, box)
        except SettingsError as wrong:
            raise wrong.within("features", number) from None
    for missing in listed.values():
        if missing.parent is not None and missing.id not in shapes:
            raise SettingsError(f'has no feature for the area "{missing.id}"', key="features")
    return shapes


def _area_of(feature: object, areas: Mapping[str, Area]) -> str:
    if not isinstance(feature, Mapping):
        raise SettingsError("must be a GeoJSON Feature", value=feature)
    properties = feature.get("properties")
    named = feature.get("id") or (properties.get("area") if isinstance(properties, Mapping) else "")
    if not isinstance(named, str) or named not in areas:
        raise SettingsError('must be the id of an area (or have a property "area")', key="id",
                            value=named)  # fmt: skip
    return named


def _shape_of(feature: Mapping[str, Any], box: Box) -> dict[str, Any]:
    shape = feature.get("geometry")
    depth = _POLYGONS.get(shape.get("type", "")) if isinstance(shape, Mapping) else None
    if not isinstance(shape, Mapping) or depth is None:
        raise SettingsError("must be a Polygon or MultiPolygon", key="geometry")
    rings: list[Any] = [shape.get("coordinates")]
    for _ in range(depth):
        rings = [inner for outer in rings for inner in _items(outer)]
    if not rings:
        raise SettingsError("must have a ring", key="geometry.coordinates")
    for ring in rings:
        points = _items(ring)
        if len(points) < _RING_LEAST or points[0] != points[-1]:
            raise SettingsError("has a ring that is open or too short", key="geometry.coordinates")
        for point in points:
            if not in_box(point, box):
                raise SettingsError(
                    f"has a point outside the site's box: {point}", key="geometry.coordinates"
                )
    return {"type": shape["type"], "coordinates": shape["coordinates"]}


def _items(value: object) -> Sequence[Any]:
    if not isinstance(value, list):
        raise SettingsError("must be nested lists of points", key="geometry.coordinates")
    return value


def in_box(point: object, box: Box) -> bool:
    """Tell whether something is a point, as ``[longitude, latitude]``, inside a box."""
    return (
        isinstance(point, Sequence)
        and len(point) == 2
        and all(isinstance(part, int | float) and not isinstance(part, bool) for part in point)
        and box[0] <= point[0] <= box[2]
        and box[1] <= point[1] <= box[3]
    )


class _Diagram:
    """A power diagram of districts amid the country around them."""

    def __init__(
        self,
        seeds: Mapping[str, Point],
        sizes: Mapping[str, float],
        frame: Sequence[Point],
        reach: float,
    ) -> None:
        """Set the seeds around: none within ``reach`` radii of a district of its size."""
        self._seeds, self._frame = seeds, frame
        self._sizes = {name: min(size, _area(frame)) for name, size in sizes.items()}
        radii = {name: math.sqrt(size / math.pi) for name, size in self._sizes.items()}
        spacing = max(
            _GRID * sum(radii.values()) / len(radii), math.sqrt(_area(frame) / _MOST_AROUND)
        )
        around = [
            point
            for point in _hexagons(frame, spacing)
            if all(_squared(point, seeds[name]) > (reach * radii[name]) ** 2 for name in seeds)
        ]
        self._around = {
            name: sorted(around, key=partial(_squared, here)) for name, here in seeds.items()
        }

    def settled(self) -> dict[str, list[Point]]:
        """Move the weights until the sizes fit, and give the cells."""
        weights = dict.fromkeys(self._seeds, 0.0)
        for _ in range(_STEPS):
            for name in self._seeds:
                lacking = self._sizes[name] - _area(self._cell(name, weights))
                weights[name] += _PULL * lacking
            self._keep_home(weights)
        share = self._share_at_home(weights)
        weights = {name: weight * share for name, weight in weights.items()}
        return {name: self._cell(name, weights) for name in self._seeds}

    def _cell(self, name: str, weights: Mapping[str, float]) -> list[Point]:
        """Cut away all that is nearer, by distance squared less weight, to another seed."""
        here = self._seeds[name]
        cell = list(self._frame)
        for other, there in self._seeds.items():
            if other != name:
                cell = _kept(cell, here, there, weights[name] - weights[other])
        for there in self._around[name]:  # nearest first: the rest is farther than all the cell
            far = math.sqrt(max((_squared(here, corner) for corner in cell), default=0.0))
            away = math.sqrt(_squared(here, there))
            if away * away + weights[name] > 2 * away * far:
                break
            cell = _kept(cell, here, there, weights[name])
        return cell

    def _keep_home(self, weights: dict[str, float]) -> None:
        """Bring weights together, pair by pair, until every centre lies well inside its cell."""
        for _ in range(_SWEEPS):
            moved = False
            for name, here in self._seeds.items():
                for other, there in self._seeds.items():
                    excess = weights[other] - weights[name] - _NEAREST * _squared(here, there)
                    if other != name and excess > 0:
                        weights[other] -= excess / 2
                        weights[name] += excess / 2
                        moved = True
            if not moved:
                break
        for name, here in self._seeds.items():
            for there in self._around[name][:1]:
                weights[name] = max(weights[name], -_NEAREST * _squared(here, there))

    def _share_at_home(self, weights: Mapping[str, float]) -> float:
        """Give how much of the weights leaves every centre in its own cell: all, but rarely."""
        share = 1.0
        for name, here in self._seeds.items():
            rivals = [(there, weights[other]) for other, there in self._seeds.items()]
            rivals += [(there, 0.0) for there in self._around[name][:1]]
            for there, weight in rivals:
                pull = weight - weights[name]
                if pull > 0 and there != here:
                    share = min(share, _HOME * _squared(here, there) / pull)
        return share


def _hexagons(frame: Sequence[Point], spacing: float) -> list[Point]:
    """Give the points of a triangular grid over a frame and a little beyond."""
    width, height = frame[2]
    columns, rows = math.ceil(width / spacing) + 2, math.ceil(height / spacing / 0.866) + 2
    return [
        ((column + row % 2 / 2) * spacing, row * spacing * 0.866)
        for row in range(-rows, rows + 1)
        for column in range(-columns, columns + 1)
    ]


def _kept(ring: list[Point], here: Point, there: Point, lead: float) -> list[Point]:
    """Keep the part of a convex ring that is nearer to here, squared distances apart by a lead."""
    a, b = 2 * (there[0] - here[0]), 2 * (there[1] - here[1])
    c = (there[0] ** 2 + there[1] ** 2) - (here[0] ** 2 + here[1] ** 2) + lead
    kept: list[Point] = []
    for number, point in enumerate(ring):
        before = ring[number - 1]
        now = c - a * point[0] - b * point[1]
        then = c - a * before[0] - b * before[1]
        if (now < 0) != (then < 0):
            share = then / (then - now)
            kept.append(
                (
                    before[0] + share * (point[0] - before[0]),
                    before[1] + share * (point[1] - before[1]),
                )
            )
        if now >= 0:
            kept.append(point)
    return kept


class _Plane:
    """Kilometres east and north of the middle of a box."""

    __slots__ = ("_lat", "_lon", "_x", "_y")

    def __init__(self, box: Box) -> None:
        self._lon, self._lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        self._x = KM_A_DEGREE * math.cos(math.radians(self._lat))
        self._y = KM_A_DEGREE

    def to_km(self, point: Point) -> Point:
        return (point[0] - self._lon) * self._x, (point[1] - self._lat) * self._y

    def rings(self, shapes: Mapping[str, Sequence[Point]]) -> dict[str, Ring]:
        """Close shapes of kilometres, in degrees to about a metre; corners that meet are one."""
        corners: list[Point] = []
        return {name: self._ring(shape, corners) for name, shape in shapes.items()}

    def _ring(self, shape: Sequence[Point], corners: list[Point]) -> Ring:
        snapped = []
        for point in shape:
            near = (corner for corner in corners if _squared(corner, point) < _SNAP_KM**2)
            corner = next(near, None)
            if corner is None:
                corner = point
                corners.append(point)
            snapped.append(corner)
        degrees = [
            (
                round(self._lon + x / self._x, _DECIMALS),
                round(self._lat + y / self._y, _DECIMALS),
            )
            for x, y in snapped
        ]
        kept = [here for number, here in enumerate(degrees) if here != degrees[number - 1]]
        return (*kept, kept[0])


def _area(ring: Sequence[Point]) -> float:
    return (
        sum(
            ring[number - 1][0] * point[1] - point[0] * ring[number - 1][1]
            for number, point in enumerate(ring)
        )
        / 2
    )


def _squared(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _box_of(ring: Ring) -> Box:
    xs, ys = [point[0] for point in ring], [point[1] for point in ring]
    return min(xs), min(ys), max(xs), max(ys)
