"""Official figures: what the sources say of themselves adds up, and none pretends to be live."""

import tomllib
from importlib.resources import files

import pytest

from ioc.core.indicators import Definition, Formula, parse_indicator

SOURCES = {"dien-bien": {"S0", "S2", "S3"}, "binh-phuoc": {"S1"}, "thai-binh": {"S4"}}


@pytest.fixture(scope="module")
def references() -> dict[str, dict[str, Definition]]:
    found: dict[str, dict[str, Definition]] = {}
    for site in SOURCES:
        file = files("ioc.sites") / site / "indicators" / "references.toml"
        rows = tomllib.loads(file.read_text(encoding="utf-8"))["indicator"]
        parsed = [parse_indicator(row) for row in rows]
        found[site] = {one.id: one for one in parsed}
        assert len(found[site]) == len(parsed)
    return found


def value(definition: Definition, year: int | None = None) -> float:
    if year is None:
        return definition.history[-1].value
    (found,) = [one.value for one in definition.history if one.year == year]
    return found


def rank(definition: Definition, year: int) -> int | None:
    (found,) = [one.rank for one in definition.history if one.year == year]
    return found


def derived(definition: Definition) -> list[int]:
    return [one.year for one in definition.history if one.derived]


def test_every_reference_names_its_source_and_no_target_of_ours(references):
    for site, known in references.items():
        for one in known.values():
            assert one.formula is Formula.REFERENCE
            assert one.source is not None
            assert set(one.source.split(", ")) <= SOURCES[site], one.id
            assert one.target is None
            assert one.owner


def test_services_at_levels_3_and_4_add_up_to_577_of_which_38_5_percent_are_integrated(references):
    here = references["dien-bien"]
    both = value(here["ref-level-3"]) + value(here["ref-level-4"])
    assert both == value(here["ref-level-3-4"]) == 577
    share = 100 * value(here["ref-national-services"]) / both
    assert share == pytest.approx(38.5, abs=0.05)
    assert round(share) in (38, 39)
    assert value(here["ref-national-share"], 2020) == 39


def test_binh_phuoc_has_1634_of_1875_at_levels_3_and_4_which_is_87_15_percent(references):
    here = references["binh-phuoc"]
    share = 100 * value(here["ref-level-3-4"]) / value(here["ref-procedures"])
    assert share == pytest.approx(value(here["ref-level-3-4-share"]), abs=0.005)
    assert value(here["ref-level-3-4-share"]) == 87.15


def test_nam_po_has_16_and_69_which_is_85(references):
    here = references["dien-bien"]
    levels = value(here["ref-nam-po-level-3"]) + value(here["ref-nam-po-level-4"])
    assert levels == value(here["ref-nam-po-procedures"]) == 85


def test_the_years_before_follow_from_what_was_gained(references):
    par, papi = references["dien-bien"]["par-index"], references["dien-bien"]["papi"]
    assert value(par, 2020) - value(par, 2019) == pytest.approx(5.13)
    assert (value(par, 2019), rank(par, 2020), rank(par, 2019)) == (81.42, 25, 27)
    assert value(papi, 2019) - value(papi, 2018) == pytest.approx(0.34)
    assert (value(papi, 2018), rank(papi, 2019), rank(papi, 2018)) == (43.39, 22, 37)
    assert derived(par) == [2019]
    assert derived(papi) == [2018]


def test_meetings_of_2020_were_about_a_third_of_180(references):
    meetings = references["dien-bien"]["ref-online-meetings"]
    assert value(meetings, 2020) * 3 == value(meetings, 2021) == 180
    assert derived(meetings) == [2020]


def test_of_133370_dossiers_128875_were_on_time_and_4495_late(references):
    here = references["dien-bien"]
    received = value(here["ref-dossiers-received"])
    on_time = received * value(here["ref-dossiers-on-time"]) / 100
    assert round(on_time) == pytest.approx(value(here["ref-dossiers-on-time-count"]), abs=1)
    late = received - value(here["ref-dossiers-on-time-count"])
    assert late == value(here["ref-dossiers-late"]) == 4495
    assert derived(here["ref-dossiers-late"]) == [2022]


@pytest.mark.parametrize(
    ("site", "name", "told"),
    [
        ("dien-bien", "ref-procedures", 1668),
        ("dien-bien", "ref-national-services", 222),
        ("dien-bien", "ref-video-sites", 14),
        ("dien-bien", "ref-dedicated-network", 69),
        ("dien-bien", "ref-operators", 5),
        ("dien-bien", "ref-coverage-2g", 98.6),
        ("dien-bien", "ref-coverage-3g-4g", 94.3),
        ("dien-bien", "ref-households-internet", 36),
        ("dien-bien", "ref-certificates", 2300),
        ("thai-binh", "ref-agencies", 770),
        ("thai-binh", "ref-accounts", 8175),
        ("thai-binh", "ref-addresses", 4020),
    ],
)
def test_figures_are_those_of_the_sources(references, site: str, name: str, told: float):
    assert value(references[site][name]) == told
