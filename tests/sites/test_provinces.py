"""The three provinces as shipped: their trees, and what they and the shared files say together."""

import unicodedata

import pytest

from ioc.core.geometry import contains, in_box
from ioc.core.indicators import EVERY, parse_indicator
from ioc.core.rules import ANY, RECORDS, Condition, parse_rule
from ioc.core.site import GATEWAY
from ioc.core.words import PROVINCE
from ioc.sites import read_site, shipped
from ioc.verbs.rules import described

TREES = {  # districts, communes, GSO codes, successor since 1 July 2025
    "dien-bien": (10, 129, set(range(94, 104)), None),
    "binh-phuoc": (11, 111, set(range(688, 699)), "75"),
    "thai-binh": (8, 242, {336, *range(338, 345)}, "33"),
}
EVERYWHERE = {
    "rain-gauge",
    "weather-station",
    "one-stop-shop",
    "document-exchange",
    "video-endpoint",
    "telecom-station",
}


@pytest.fixture(scope="module")
def sites():
    return {name: read_site(name) for name in shipped()}


@pytest.fixture(scope="module")
def observed():
    return described()


def test_three_provinces_are_shipped():
    assert set(shipped()) == set(TREES)


@pytest.mark.parametrize("name", TREES)
def test_the_tree_is_that_of_2022_and_says_what_came_after(sites, name):
    site = sites[name]
    number, communes, codes, successor = TREES[name]
    districts = [area for area in site.areas if area.parent == PROVINCE]
    province = next(area for area in site.areas if area.id == PROVINCE)
    assert len(districts) == number
    assert {int(area.code) for area in districts} == codes
    assert sum(area.communes for area in districts) == province.communes == communes
    assert sum(area.km2 for area in districts) == pytest.approx(province.km2, rel=0.015)
    assert all(in_box(area.location, site.bbox) for area in site.areas)
    assert {area.level for area in districts} == {"district"}
    assert {area.valid_to for area in districts} == {"2025-06-30"}
    assert len({area.tile for area in districts}) == number
    assert province.successor == successor
    assert province.valid_to == (None if successor is None else "2025-06-30")
    assert "1/7/2025" in site.tree_note.vi
    assert site.tree_as_of == "2022"


@pytest.mark.parametrize("name", TREES)
def test_every_thing_lies_in_its_own_district_and_none_on_another(sites, name):
    site = sites[name]
    rings = {
        area: tuple(map(tuple, shape["coordinates"][0])) for area, shape in site.geometry.items()
    }
    outside = [one.id for one in site.things if not contains(rings[one.area], one.location)]
    assert outside == []
    places = [one.location for one in site.things if one.area != PROVINCE]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("name", TREES)
def test_every_district_is_seen(sites, name):
    for area in sites[name].areas:
        if area.parent == PROVINCE:
            kinds = {one.kind for one in sites[name].things if one.area == area.id}
            assert kinds >= EVERYWHERE, area.id


@pytest.mark.parametrize("name", TREES)
def test_names_are_vietnamese_composed_the_usual_way_and_each_things_own(sites, name):
    things = sites[name].things
    for one in things:
        assert unicodedata.is_normalized("NFC", one.name.vi)
        assert one.name.en.isascii(), one.name.en
    told = [one.name.vi for one in things]
    assert [name for name in set(told) if told.count(name) > 1] == []


@pytest.mark.parametrize("name", TREES)
@pytest.mark.parametrize("kind", ["one-stop-shop", "document-exchange"])
def test_the_shares_of_the_provinces_business_sum_to_one(sites, name, kind):
    shares = [one.settings["share"] for one in sites[name].things if one.kind == kind]
    assert sum(shares) == pytest.approx(1)


@pytest.mark.parametrize("name", TREES)
def test_every_thing_can_be_played_and_speaks_through_the_gateway(sites, observed, name):
    for one in sites[name].things:
        if one.kind == GATEWAY:
            assert one.via is None
        else:
            assert one.kind in observed
            assert one.via == "gateway-simulators"


@pytest.mark.parametrize("name", TREES)
def test_what_is_judged_counted_and_drawn_is_observed(sites, observed, name):
    site = sites[name]
    kinds = {one.id: one.kind for one in site.things}
    for rule in map(parse_rule, site.rule_rows):
        if ANY not in (rule.kind, rule.datastream) and not rule.datastream.startswith(RECORDS):
            stream = observed[rule.kind][rule.datastream]
            if rule.condition is Condition.EQUALS:
                assert rule.limit in stream.levels, rule.id
    for indicator in map(parse_indicator, site.indicator_rows):
        for inputs in indicator.inputs:
            if inputs.record or EVERY in (inputs.kind, inputs.datastream):
                continue
            if inputs.kind in observed or not indicator.bind:  # a score may lack a part
                assert inputs.datastream in observed[inputs.kind], indicator.id
    for board in site.boards:
        for panel in board.panels:
            for key in panel.row.get("datastreams", ()):
                thing, _, datastream = key.partition("/")
                assert datastream in observed[kinds[thing]], panel.id


def test_every_kind_somebody_plays_has_a_rule_somewhere(sites, observed):
    ruled = {parse_rule(row).kind for site in sites.values() for row in site.rule_rows}
    assert set(observed) - ruled == set()


def test_the_seas_rivers_have_three_alarm_levels_and_say_where_they_are_from(sites):
    gauges = [one for one in sites["thai-binh"].things if one.kind == "tidal-gauge"]
    assert len(gauges) == 6
    for one in gauges:
        levels = [one.limits[f"alarm-{number}"] for number in (1, 2, 3)]
        assert levels == sorted(set(levels))
        assert one.settings["limits_from"]
        assert one.settings["high_m"] < levels[0], "a usual tide would raise an alert"
