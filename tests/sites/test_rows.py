"""The mission's table: all 104 rows of the sources, each on its site, each made of what is there.

``python -m tests.sites.test_rows`` writes ``docs/rows.md`` anew from the data.
"""

from pathlib import Path

import pytest

from ioc.core import own
from ioc.sites import read_site, shipped
from simulators.registry import discover

PAGE = Path(__file__).parents[2] / "docs" / "rows.md"
SITES = {
    "S0": "dien-bien",
    "S1": "binh-phuoc",
    "S2": "dien-bien",
    "S3": "dien-bien",
    "S4": "thai-binh",
}
HEAD = """\
# The mission's rows

What the five sources ask of an operations centre, and what answers here. `GET /api/v1/rows` says
which of them live now. A figure is told as its source tells it; a row without one has no figure in
the sources, and what is shown for it is illustrative. This page is written from
`ioc/sites/common/rows/` by `python -m tests.sites.test_rows`.

| # | source | row | figure | inputs, records | indicators | rules | panel |
|---|---|---|---|---|---|---|---|
"""


@pytest.fixture(scope="module")
def missions():
    return {name: read_site(name) for name in shipped()}


def rows(missions):
    return {row.id: row for site in missions.values() for row in site.mission}


def page() -> str:
    """Write the page from the data."""
    listed = rows({name: read_site(name) for name in shipped()})
    lines = []
    for _, row in sorted(listed.items()):
        made = ", ".join([*row.inputs, *(f"*{name}*" for name in row.records)])
        cells = (
            str(row.id),
            row.source + (f", {row.year}" if row.year else ""),
            row.title.en,
            "" if row.figure is None else row.figure.en,
            made,
            ", ".join(row.indicators),
            ", ".join(row.rules),
            f"{row.board}/{row.panel}",
        )
        lines.append(f"| {' | '.join(cells)} |\n")
    return HEAD + "".join(lines)


def test_all_rows_of_the_sources_are_there(missions):
    assert sorted(rows(missions)) == list(range(1, 105))


def test_a_row_stands_on_each_site_its_sources_speak_of(missions):
    for number, row in rows(missions).items():
        told = {SITES[source] for source in row.sources}
        found = {
            name
            for name, site in missions.items()
            if number in {listed.id for listed in site.mission}
        }
        assert found == told, number


def test_a_row_is_made_of_what_its_site_observes_and_records(missions):
    kinds = discover()
    for site in missions.values():
        of_thing = {thing.id: thing.kind for thing in site.things}
        told = {
            business.type
            for kind in {thing.kind for thing in site.things} & set(kinds)
            for business in kinds[kind].records
        }
        for row in site.mission:
            for name in row.inputs:
                source, _, datastream = name.partition("/")
                kind = of_thing.get(source, source)
                streams = own.STREAMS if kind == own.KIND else kinds[kind].streams
                assert datastream in {one.name for one in streams}, (row.id, name)
            assert set(row.records) <= told, row.id


def test_only_maps_and_mottoes_are_shown_without_anything_behind_them(missions):
    bare = {
        number
        for number, row in rows(missions).items()
        if not (row.inputs or row.records or row.indicators)
    }
    assert bare == {81, 102}


PLAIN = {"map", "note"}
"""Types of panels that show no stream by name: they answer the rows with nothing behind them."""


def test_a_row_is_shown_where_its_published_figures_and_something_live_of_it_stand(missions):
    for site in missions.values():
        boards = {board.id: board for board in site.boards}
        of_thing = {thing.id: thing.kind for thing in site.things}
        for row in site.mission:
            panel = next(one for one in boards[row.board].panels if one.id == row.panel)
            shown = {panel.row.get("indicator"), *panel.row.get("indicators", ())}
            published = {name for name in row.indicators if name.startswith("ref-")}
            assert published <= shown, (site.id, row.id)
            streams = {name.partition("/")[0] for name in row.inputs}
            kinds = {of_thing.get(name, name) for name in streams}
            behind = set(row.indicators) | kinds
            assert bool(behind) is (panel.type not in PLAIN), (site.id, row.id)
            live = (set(row.indicators) - published) & shown
            seen = panel.row.get("kind") in kinds or live
            assert seen or set(row.indicators) == published or not behind, (site.id, row.id)


def test_the_sources_own_arithmetic_holds(missions):
    of = {
        (name, row["id"]): dict(map(tuple, row["history"]))
        for name, site in missions.items()
        for row in site.indicator_rows
        if row["formula"] == "reference"
    }
    assert of["dien-bien", "ref-level-3-4"][2020] == 230 + 347
    assert round(100 * 222 / 577, 1) == 38.5
    assert of["binh-phuoc", "ref-level-3-4-share"][2021] == round(100 * 1634 / 1875, 2)
    assert of["dien-bien", "ref-nam-po-procedures"][2021] == 16 + 69
    assert of["dien-bien", "par-index"][2019] == round(86.55 - 5.13, 2)
    assert of["dien-bien", "papi"][2018] == round(43.73 - 0.34, 2)


def test_the_page_is_what_the_data_say():
    assert PAGE.read_text(encoding="utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
