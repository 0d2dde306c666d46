"""The schematic map: it covers the province, shares it out fairly, and lies nowhere else."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioc.core.geometry import area_km2, cells, contains, outline, polygon, schematic
from ioc.core.words import Area, Text

BOX = (102.144, 20.893, 103.599, 22.548)
CENTRES = {
    "dien-bien-phu": (103.0450, 21.4062),
    "muong-lay": (103.1294, 22.0315),
    "muong-nhe": (102.4509, 22.2335),
    "muong-cha": (103.1231, 21.8363),
    "tua-chua": (103.3716, 21.9664),
    "tuan-giao": (103.3960, 21.6702),
    "dien-bien": (103.0558, 21.2524),
    "dien-bien-dong": (103.2594, 21.2410),
    "muong-ang": (103.2541, 21.5180),
    "nam-po": (102.8002, 21.8946),
}
KM2 = {
    "dien-bien-phu": 308.18,
    "muong-lay": 113.6,
    "muong-nhe": 1566.2,
    "muong-cha": 1186.4,
    "tua-chua": 682.3,
    "tuan-giao": 1133.8,
    "dien-bien": 1396.0,
    "dien-bien-dong": 1203.2,
    "muong-ang": 443.5,
    "nam-po": 1493.9,
}
WHOLE = 9539.93


@pytest.fixture(scope="module")
def districts():
    return cells(CENTRES, BOX, km2=KM2)


@pytest.fixture(scope="module")
def province(districts):
    return outline(districts.values())[0]


def grid(ring, steps=60):
    """Give points all over a ring's box, none of them on an edge."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    for row in range(steps):
        for column in range(steps):
            yield (
                min(xs) + (column + 0.4937) / steps * (max(xs) - min(xs)),
                min(ys) + (row + 0.5171) / steps * (max(ys) - min(ys)),
            )


def counter_clockwise(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) > 0


def test_the_province_is_as_large_as_it_is_and_inside_its_box(province):
    assert area_km2(province) == pytest.approx(WHOLE, rel=0.03)
    for lon, lat in province:
        assert BOX[0] <= lon <= BOX[2]
        assert BOX[1] <= lat <= BOX[3]


def test_every_centre_lies_in_its_own_cell_and_in_no_other(districts):
    for area, centre in CENTRES.items():
        assert [name for name, ring in districts.items() if contains(ring, centre)] == [area]


def test_every_point_of_the_province_lies_in_just_one_district(province, districts):
    for point in grid(province):
        owners = sum(contains(ring, point) for ring in districts.values())
        assert owners == contains(province, point), point


def test_the_districts_sizes_add_up_to_the_province(province, districts):
    sizes = {name: area_km2(ring) for name, ring in districts.items()}
    assert sum(sizes.values()) == pytest.approx(area_km2(province), rel=0.001)
    assert min(sizes.values()) > 100


def test_districts_are_about_as_large_as_they_are(districts):
    sizes = {name: area_km2(ring) for name, ring in districts.items()}
    assert sum(abs(sizes[name] - KM2[name]) for name in KM2) < 0.12 * WHOLE
    for name in ("muong-nhe", "nam-po", "tuan-giao", "dien-bien-dong", "muong-ang"):
        assert sizes[name] == pytest.approx(KM2[name], rel=0.1)


def test_the_province_is_one_piece_without_a_hole_and_has_bays(province, districts):
    assert outline(districts.values()) == [province]
    corners = list(zip(province, province[1:], (*province[2:], province[1]), strict=False))
    turns = [(b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]) for a, b, c in corners]
    assert min(turns) < 0 < max(turns)


def test_rings_are_closed_and_counter_clockwise(province, districts):
    for ring in (province, *districts.values()):
        assert ring[0] == ring[-1]
        assert len(ring) >= 4
        assert counter_clockwise(ring)
        assert len(set(ring)) == len(ring) - 1


def test_the_same_districts_give_the_same_map_in_any_order():
    backwards = dict(reversed(CENTRES.items()))
    assert cells(CENTRES, BOX, km2=KM2) == cells(backwards, BOX, km2=KM2)


def area(name, parent, location, km2=None):
    return Area(name, "1", Text(name, name), "district", parent, location, km2=km2)


def test_a_site_of_one_area_gets_its_outline_alone():
    shapes = schematic([area("province", None, (103.0, 21.5), 500.0)], BOX)
    assert list(shapes) == ["province"]
    ring = tuple(map(tuple, shapes["province"]["coordinates"][0]))
    assert area_km2(ring) == pytest.approx(500, rel=0.05)


def test_communes_below_the_districts_have_no_shape():
    shapes = schematic(
        [
            area("province", None, (103.0, 21.5)),
            area("east", "province", (103.2, 21.5)),
            area("west", "province", (102.8, 21.5)),
            area("village", "east", (103.21, 21.5)),
        ],
        BOX,
    )
    assert set(shapes) == {"province", "east", "west"}


def test_no_areas_no_shapes():
    assert schematic([], BOX) == {}


def test_a_ring_is_written_as_geojson():
    ring = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0))
    assert polygon(ring) == {
        "type": "Polygon",
        "coordinates": [[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]],
    }


places = st.tuples(
    st.integers(0, 40).map(lambda step: 102.3 + step * 0.028),
    st.integers(0, 40).map(lambda step: 21.05 + step * 0.033),
)


@settings(max_examples=25, deadline=None)
@given(
    centres=st.lists(places, min_size=1, max_size=9, unique=True),
    sizes=st.lists(st.floats(50, 3000), min_size=9, max_size=9),
)
def test_any_districts_make_one_province(centres, sizes):
    named = {f"d{number}": centre for number, centre in enumerate(centres)}
    rings = cells(named, BOX, km2=dict(zip(named, sizes, strict=False)))
    assert len(outline(rings.values())) == 1
    for name, centre in named.items():
        assert contains(rings[name], centre)
        assert counter_clockwise(rings[name])
    for (_, one), (_, other) in combinations(rings.items(), 2):
        assert not [p for p in grid(one, 8) if contains(one, p) and contains(other, p)]
