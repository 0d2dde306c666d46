"""Điện Biên as shipped: right, whole, and at one with its simulators and its words."""

import shutil
import unicodedata
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from ioc.core.geometry import area_km2
from ioc.core.indicators import EVERY, Formula, parse_indicator
from ioc.core.rules import ANY, RECORDS, Condition, parse_rule
from ioc.core.settings_error import SettingsError
from ioc.core.site import GATEWAY
from ioc.core.words import PROVINCE, Severity
from ioc.sites import check_folder, read_site, shipped
from ioc.verbs.rules import described
from ioc.words import read_phrases

VALUES = (Condition.ABOVE, Condition.BELOW, Condition.EQUALS)
NUMBERS = {
    "gateway": 1,
    "rain-gauge": 24,
    "river-gauge": 12,
    "weather-station": 10,
    "air-station": 6,
    "traffic-counter": 14,
    "data-centre-room": 2,
    "integration-bus": 4,
    "service": 8,
    "one-stop-shop": 22,
    "document-exchange": 20,
    "video-endpoint": 60,
    "telecom-station": 18,
}


@pytest.fixture(scope="module")
def site():
    return read_site("dien-bien")


@pytest.fixture(scope="module")
def rules(site):
    return [parse_rule(row) for row in site.rule_rows]


@pytest.fixture(scope="module")
def indicators(site):
    return [parse_indicator(row) for row in site.indicator_rows]


@pytest.fixture(scope="module")
def observed():
    """What each kind of thing observes, by the simulators' own declarations."""
    return described()


@pytest.mark.parametrize("name", shipped())
def test_nothing_is_wrong_with_a_shipped_site(name):
    assert [str(problem) for problem in check_folder(name)] == []
    assert read_site(name).id == name


def test_there_are_as_many_things_of_each_kind_as_agreed(site):
    counted = Counter(thing.kind for thing in site.things)
    assert {kind: counted[kind] for kind in NUMBERS} == NUMBERS


def test_more_than_a_thousand_datastreams_result(site, observed):
    assert sum(len(observed.get(thing.kind, ())) for thing in site.things) > 1_000


def test_every_district_sees_rain_weather_a_river_a_shop_and_a_meeting(site):
    for area in site.areas:
        if area.parent == PROVINCE:
            kinds = {thing.kind for thing in site.things if thing.area == area.id}
            assert {
                "rain-gauge",
                "river-gauge",
                "weather-station",
                "one-stop-shop",
                "document-exchange",
                "video-endpoint",
                "telecom-station",
            } <= kinds, area.id


def test_all_simulated_things_share_the_gateway(site):
    for thing in site.things:
        assert thing.via == (None if thing.kind == GATEWAY else "gateway-simulators")


def test_every_river_gauge_has_its_three_flood_alarm_levels(site):
    for thing in site.things:
        if thing.kind == "river-gauge":
            levels = [thing.limits[f"alarm-{number}"] for number in (1, 2, 3)]
            assert levels == sorted(set(levels))


def test_names_are_vietnamese_and_composed_the_usual_way(site):
    named = [
        *(area.name for area in site.areas),
        *(thing.name for thing in site.things),
        *(board.title for board in site.boards),
    ]
    for name in named:
        assert unicodedata.is_normalized("NFC", name.vi)
        assert name.en.isascii(), name.en
    plain = [thing.id for thing in site.things if thing.name.vi.isascii()]
    assert plain == []
    assert len({thing.name.vi for thing in site.things}) == len(site.things)


def test_every_place_a_rule_speaks_of_is_observed(rules, observed):
    for rule in rules:
        if ANY in (rule.kind, rule.datastream) or rule.datastream.startswith(RECORDS):
            continue  # of everything, or of business records instead of values
        stream = observed[rule.kind][rule.datastream]
        if rule.condition is Condition.EQUALS:
            assert rule.limit in stream.levels, rule.id
        elif rule.condition in VALUES and stream.span and not isinstance(rule.limit, str):
            assert stream.span[0] < rule.limit < stream.span[1], rule.id


def test_silence_has_one_rule_for_all(rules):
    assert [rule.id for rule in rules if rule.condition is Condition.SILENT] == ["silent"]


def test_rules_wait_and_clear_by_a_margin(rules):
    for rule in rules:
        if rule.condition in (Condition.ABOVE, Condition.BELOW):
            assert rule.deadband > 0, rule.id
        if rule.severity < Severity.HIGH and rule.condition in VALUES:
            assert rule.hold > 0, rule.id
        unwavering = (Condition.SILENT, Condition.OFFLINE, Condition.DEADLINE, Condition.EXPIRES)
        if rule.condition not in unwavering:
            assert rule.clear_hold > 0, rule.id


def test_rivers_rise_through_the_severities(rules):
    severities = {
        rule.limit: rule.severity
        for rule in rules
        if rule.kind == "river-gauge" and rule.condition is Condition.ABOVE
    }
    assert severities == {"alarm-1": 2, "alarm-2": 3, "alarm-3": 4}


def test_every_rule_has_words_of_its_own_in_both_languages(rules):
    phrases = read_phrases()
    for rule in rules:
        assert phrases.has(f"alert-{rule.id}"), rule.id
        said = phrases.render(
            f"alert-{rule.id}",
            {
                "thing": "X",
                "value": 1234.5,
                "limit": 50.0,
                "unit": "mm/h",
                "rule": rule.name,
                "datastream": "Y",
            },
        )
        assert said.vi.startswith("X: ")
        assert said.vi != said.en
        assert "{" not in said.vi + said.en
        assert rule.response.vi != rule.response.en


def test_every_indicator_is_fed_and_its_level_exists(indicators, observed):
    assert len(indicators) >= 16
    for indicator in indicators:
        for inputs in indicator.inputs:
            if inputs.record or EVERY in (inputs.kind, inputs.datastream):
                continue
            if indicator.bind and inputs.kind not in observed:
                continue  # a part of a score that nobody feeds yet
            stream = observed[inputs.kind][inputs.datastream]
            if indicator.formula is Formula.COUNT_EQUALS:
                assert indicator.level in stream.levels
        plain = indicator.formula in (Formula.MAX, Formula.MEAN, Formula.LATEST_MEAN)
        if plain and indicator.bands is None:
            assert indicator.unit == observed[indicator.of.kind][indicator.of.datastream].unit
        assert indicator.owner


def test_figures_of_the_sources_are_the_targets(indicators):
    told = {
        one.id: (one.target, one.source)
        for one in indicators
        if one.source == "S2" and one.target is not None
    }
    assert told == {
        "dossiers-on-time": (95, "S2"),
        "dossiers-online": (25, "S2"),
        "documents-signed": (95, "S2"),
        "eligible-at-level-4": (100, "S2"),
        "integrated-services": (100, "S2"),
        "agencies-signing": (100, "S2"),
        "officials-with-mail": (100, "S2"),
        "office-coverage": (100, "S2"),
        "plans-issued": (100, "S2"),
    }


def test_the_wall_shows_what_is_observed(site, observed):
    wall = next(board for board in site.boards if board.id == "wall")
    kinds = {thing.id: thing.kind for thing in site.things}
    types = Counter(panel.type for panel in wall.panels)
    assert types["map"] == types["alerts"] == types["freshness"] == 1
    assert types["indicator"] >= 6
    for panel in wall.panels:
        assert panel.title is not None
        for name in panel.row.get("datastreams", ()):
            thing, datastream = name.split("/")
            assert datastream in observed[kinds[thing]]
        if panel.type == "status":
            assert "status" in observed[panel.row["kind"]]
    covered = sum(panel.w * panel.h for panel in wall.panels)
    assert covered == wall.columns * wall.rows, "the wall has a hole"


def test_the_map_is_about_as_large_as_the_province(site):
    ring = tuple(map(tuple, site.geometry[PROVINCE]["coordinates"][0]))
    assert area_km2(ring) == pytest.approx(9539.93, rel=0.03)


def test_a_site_is_read_from_a_folder_of_ones_own(tmp_path, site):
    own = tmp_path / "dien-bien"
    shutil.copytree(Path(str(files("ioc.sites"))) / "dien-bien", own)
    assert read_site(own) == site
    assert read_site(str(own)) == site

    other = tmp_path / "other"
    own.rename(other)
    with pytest.raises(SettingsError, match='must be the folder\'s name, "other"'):
        read_site(other)


def test_a_site_that_is_not_there_is_refused_by_name(tmp_path):
    with pytest.raises(SettingsError, match=r"no site 'dien-bein'.*dien-bien"):
        read_site("dien-bein")
    with pytest.raises(SettingsError, match=r"give a folder that holds a site\.toml"):
        read_site(tmp_path)


def test_a_file_that_is_no_utf8_is_refused(tmp_path):
    own = tmp_path / "dien-bien"
    shutil.copytree(Path(str(files("ioc.sites"))) / "dien-bien", own)
    (own / "rules").mkdir()
    (own / "rules" / "own.toml").write_bytes(b'[[rule]]\nid = "\xff"\n')
    with pytest.raises(SettingsError, match=r"rules/own\.toml: is no UTF-8 text at byte 15"):
        check_folder(own)
