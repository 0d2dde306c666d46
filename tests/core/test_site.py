"""What a site's files may say, and how what they may not say is told."""

import re
from dataclasses import replace

import pytest

from ioc.core.settings_error import SettingsError
from ioc.core.site import check_site, parse_site
from ioc.core.toml_lines import lines_of
from ioc.core.words import Origin, Text

SITE = """\
id = "small"
name = { vi = "Tỉnh Nhỏ", en = "Small Province" }
timezone = "Asia/Ho_Chi_Minh"
bbox = [103.0, 21.0, 104.0, 22.0]
seed = 7

[tree]
as_of = "2022"
note = { vi = "Ghi chú", en = "A note" }
"""
AREAS = """\
[[area]]
id = "province"
code = "11"
name = { vi = "Tỉnh Nhỏ", en = "Small Province" }
level = "province"
location = [103.5, 21.5]
km2 = 4000

[[area]]
id = "east"
code = "94"
name = { vi = "Huyện Đông", en = "East District" }
level = "district"
parent = "province"
location = [103.7, 21.5]
km2 = 2000
tile = [0, 1]
valid_to = "2025-06-30"

[[area]]
id = "west"
code = "95"
name = { vi = "Huyện Tây", en = "West District" }
level = "district"
parent = "province"
location = [103.3, 21.5]
km2 = 2000
population = 1000
population_source = "2019"
tile = [0, 0]
"""
THINGS = """\
via = "gateway-01"

thing = [
    { id = "gateway-01", kind = "gateway", area = "province", location = [103.5, 21.5], name = { vi = "Cổng", en = "Gateway" } },
    { id = "river-01", kind = "river-gauge", area = "east", location = [103.7, 21.5], name = { vi = "Trạm", en = "Gauge" }, limits = { alarm-1 = 3, alarm-2 = 4.5 }, settings = { catchment_km2 = 40, room = "primary" } },
    { id = "rain-01", kind = "rain-gauge", area = "west", location = [103.3, 21.5], name = { vi = "Trạm mưa" } },
]
"""  # noqa: E501 - a thing a line, as in the files
RULES = """\
[[rule]]
id = "river-high"
kind = "river-gauge"
datastream = "level"
above = "alarm-1"
hold = "10m"
severity = 2
name = { vi = "Lũ", en = "Flood" }

[rule.response]
vi = "Báo huyện"
en = "Tell the district"

[[rule]]
id = "silent"
kind = "*"
datastream = "*"
silent = true
severity = 1
name = { vi = "Mất dữ liệu", en = "No data" }
response = { vi = "Kiểm tra", en = "Check" }
"""
INDICATORS = """\
[[indicator]]
id = "rain-highest"
name = { vi = "Mưa lớn nhất", en = "Heaviest rain" }
unit = "mm/h"
formula = "max"
of = { kind = "rain-gauge", datastream = "rainfall" }
window = "latest"
target = 25
at_risk = 50
direction = "down"
areas = "each"
owner = "UBND"
"""
WALL = """\
id = "wall"
title = { vi = "Toàn cảnh", en = "Overview" }
columns = 24
rows = 14

[[panel]]
id = "map"
type = "map"
x = 8
y = 0
w = 9
h = 9
title = { vi = "Bản đồ", en = "Map" }

[[panel]]
id = "rain"
type = "chart"
datastreams = ["rain-01/rainfall"]
hours = 24
x = 0
y = 0
w = 8
h = 4

[[panel]]
id = "highest"
type = "indicator"
indicator = "rain-highest"
x = 0
y = 4
w = 8
h = 4
"""
FILES = {
    "site.toml": SITE,
    "areas.toml": AREAS,
    "things/here.toml": THINGS,
    "rules/here.toml": RULES,
    "indicators/here.toml": INDICATORS,
    "boards/wall.toml": WALL,
}


def written(file: str, old: str, new: str) -> dict[str, str]:
    """Give the files of the small site with one passage of one of them changed."""
    assert old in FILES[file], old
    return {**FILES, file: FILES[file].replace(old, new, 1)}


def complaints(files: dict[str, str]) -> list[str]:
    return [str(problem) for problem in check_site("small", files)]


def test_a_site_is_read_whole():
    assert complaints(FILES) == []
    site = parse_site("small", FILES)
    assert site.id == "small"
    assert site.name == Text("Tỉnh Nhỏ", "Small Province")
    assert site.origin is Origin.SIMULATED
    assert [area.id for area in site.areas] == ["province", "east", "west"]
    assert site.areas[1].valid_to == "2025-06-30"
    assert site.areas[1].tile == (0, 1)
    assert (site.areas[2].population, site.areas[2].population_source) == (1000, "2019")
    assert site.areas[1].population_source is None
    assert site.kinds == {"gateway", "ioc-centre", "river-gauge", "rain-gauge"}
    assert [row["id"] for row in site.rule_rows] == ["river-high", "silent"]
    assert [row["id"] for row in site.indicator_rows] == ["rain-highest"]
    assert set(site.geometry) == {"province", "east", "west"}
    board = site.boards[0]
    assert (board.id, board.columns, board.rows) == ("wall", 24, 14)
    assert [(panel.id, panel.type) for panel in board.panels] == [
        ("map", "map"),
        ("rain", "chart"),
        ("highest", "indicator"),
    ]
    assert board.panels[1].row["datastreams"] == ["rain-01/rainfall"]


def test_things_share_the_gateway_named_once_and_a_gateway_has_none():
    things = {thing.id: thing for thing in parse_site("small", FILES).things}
    assert things["river-01"].via == "gateway-01"
    assert things["gateway-01"].via is None
    assert things["river-01"].limits == {"alarm-1": 3.0, "alarm-2": 4.5}
    assert things["river-01"].settings == {"catchment_km2": 40, "room": "primary"}
    assert things["rain-01"].name == Text("Trạm mưa", "Trạm mưa")


def test_kinds_that_come_without_being_listed_may_be_named():
    rule = RULES.replace('"river-gauge"', '"siren"', 1).replace('"alarm-1"', "3", 1)
    files = {**FILES, "rules/here.toml": rule}
    assert complaints(files) == ['rules/here.toml:3: kind = "siren": is no kind of this site']
    files["site.toml"] = SITE.replace("seed = 7", 'seed = 7\nkinds = ["siren"]')
    assert complaints(files) == []


def test_the_parsed_rows_cannot_be_changed():
    site = parse_site("small", FILES)
    with pytest.raises(TypeError):
        site.rule_rows[0]["above"] = 1  # type: ignore[index]
    assert replace(site, seed=8).seed == 8


WRONG = [
    # what no TOML parser minds
    (
        "rules/here.toml",
        'above = "alarm-1"',
        "above = nan",
        "rules/here.toml:5: above = nan: must be",
    ),
    (
        "rules/here.toml",
        'above = "alarm-1"',
        "above = inf",
        "rules/here.toml:5: above = inf: must be",
    ),
    (
        "things/here.toml",
        "alarm-1 = 3,",
        "alarm-1 = nan,",
        "things/here.toml:5: limits.alarm-1 = nan: must be a finite number",
    ),
    (
        "things/here.toml",
        "catchment_km2 = 40",
        "catchment_km2 = inf",
        "things/here.toml:5: settings.catchment_km2 = inf: must be a finite number",
    ),
    ("areas.toml", "km2 = 2000", "km2 = nan", "areas.toml:16: km2 = nan: must be a finite number"),
    # keys
    (
        "things/here.toml",
        'kind = "rain-gauge"',
        'kind = "rain-gauge", areas = "x"',
        'things/here.toml:6: areas = "x": is no key here (did you mean area?)',
    ),
    ("site.toml", "seed = 7", "sed = 7", "site.toml:5: sed = 7: is no key here"),
    ("site.toml", "seed = 7", "", "site.toml: seed: is missing"),
    ("areas.toml", "[[area]]", "[[aera]]", "areas.toml:1: aera ="),
    (
        "rules/here.toml",
        "hold =",
        "holt =",
        'rules/here.toml:6: holt = "10m": is not a key of a rule',
    ),
    ("indicators/here.toml", "window =", "windw =", "indicators/here.toml:7: windw"),
    ("boards/wall.toml", "hours = 24", "hour = 24", "boards/wall.toml:19: hour = 24: is no key"),
    # ids
    (
        "things/here.toml",
        '"rain-01"',
        '"Rain 01"',
        'things/here.toml:6: id = "Rain 01": must be of a-z',
    ),
    ("things/here.toml", '"rain-01"', '"river-01"', "is taken by the thing on line 5"),
    ("rules/here.toml", 'id = "silent"', 'id = "river-high"', "is taken by the rule on line 1"),
    ("areas.toml", 'id = "west"', 'id = "east"', "areas.toml:21:"),
    ("boards/wall.toml", 'id = "rain"', 'id = "map"', "is taken by the panel on line 6"),
    ("boards/wall.toml", 'id = "wall"', 'id = "well"', 'must be the file\'s name, "wall"'),
    ("site.toml", 'id = "small"', 'id = "tiny"', 'must be the folder\'s name, "small"'),
    # what is named must be there
    (
        "things/here.toml",
        'area = "west"',
        'area = "wets"',
        'things/here.toml:6: area = "wets": is no area of this site (did you mean west?)',
    ),
    ("areas.toml", 'parent = "province"', 'parent = "nowhere"', "areas.toml:14: parent"),
    ("areas.toml", 'parent = "province"', 'parent = "east"', "goes round in a circle"),
    ("areas.toml", 'id = "province"', 'id = "whole"', 'must have an area "province"'),
    (
        "things/here.toml",
        'via = "gateway-01"',
        'via = "gateway-02"',
        'things/here.toml:1: via = "gateway-02": is no gateway of this site',
    ),
    (
        "things/here.toml",
        'kind = "gateway",',
        'kind = "gateway", via = "gateway-01",',
        "must not be given by a gateway",
    ),
    ("rules/here.toml", '"river-gauge"', '"river-guage"', "(did you mean river-gauge?)"),
    (
        "rules/here.toml",
        '"alarm-1"',
        '"alarm-9"',
        'rules/here.toml:5: above = "alarm-9": must be a number',
    ),
    (
        "indicators/here.toml",
        'kind = "rain-gauge"',
        'kind = "rain"',
        'indicators/here.toml:6: of.kind = "rain": is no kind of this site',
    ),
    ("boards/wall.toml", '"rain-highest"', '"rain-most"', "is no indicator of this site"),
    ("boards/wall.toml", "rain-01/rain", "rain-02/rain", "there is no such thing"),
    ("boards/wall.toml", "rain-01/rainfall", "rain-01", 'a list of datastreams, "thing/data'),
    # values
    (
        "rules/here.toml",
        '"10m"',
        '"10 minutes"',
        'rules/here.toml:6: hold = "10 minutes": must be a dura',
    ),
    ("rules/here.toml", "severity = 2", "severity = 6", "rules/here.toml:7: severity = 6: must be"),
    ("rules/here.toml", 'vi = "Báo huyện"\n', "", "rules/here.toml:10: response"),
    ("rules/here.toml", 'above = "alarm-1"', "above = 1\nbelow = 0", "rules/here.toml"),
    ("things/here.toml", "alarm-2 = 4.5", "alarm-2 = 2", "must be above alarm-1 = 3"),
    (
        "things/here.toml",
        "[103.7, 21.5]",
        "[21.5, 103.7]",
        "things/here.toml:5: location = [21.5, 103.7]: must be [longitude, latitude] inside the",
    ),
    ("areas.toml", "[103.7, 21.5]", "[103.7]", "areas.toml:15: location = [103.7]: must be"),
    ("areas.toml", "2025-06-30", "2025-06-31", "must be a day such as 2025-06-30"),
    ("areas.toml", "tile = [0, 1]", "tile = [0]", "must be [row, column], from 0"),
    ("areas.toml", '"district"', '"distrcit"', "(did you mean district?)"),
    ("areas.toml", "population = 1000", "population = 10.5", "must be a whole number"),
    ("site.toml", "[103.0, 21.0, 104.0, 22.0]", "[104.0, 21.0, 103.0, 22.0]", "west before east"),
    ("site.toml", "seed = 7", "seed = -7", "must be 0 or more"),
    ("site.toml", "seed = 7", "seed = true", "must be a whole number"),
    ("site.toml", "Asia/Ho_Chi_Minh", "Europe/Paris", "must be one of Asia/Ho_Chi_Minh"),
    ("site.toml", "seed = 7", 'seed = 7\norigin = "real-ish"', "(did you mean real?)"),
    ("site.toml", "seed = 7", 'seed = 7\ngeometry = "a.geojson"', "is no file of this site's"),
    ("site.toml", 'vi = "Tỉnh Nhỏ", ', "", "site.toml:2: name.vi: is missing"),
    ("indicators/here.toml", "at_risk = 50", "at_risk = 5", "must not be below the target, 25"),
    ("indicators/here.toml", "target = 25\n", "", "needs a target beside it"),
    ("boards/wall.toml", "x = 8", "x = 20", "boards/wall.toml:11: w = 9: reaches over"),
    ("boards/wall.toml", "x = 8", "x = 7", "lies over the panel map"),
    ("boards/wall.toml", 'type = "map"', 'type = "mpa"', "(did you mean map?)"),
    # files
    ("rules/here.toml", "[[rule]]", "[[rule", "rules/here.toml:1: is no valid TOML"),
    ("areas.toml", "km2 = 4000", "km2 = 4000\nkm2 = 1", "areas.toml:8: is no valid TOML"),
    ("areas.toml", "[[area]]", "[area]", "areas.toml:"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    WRONG,
    ids=[f"{file}-{number}" for number, (file, *_) in enumerate(WRONG)],
)
def test_a_mistake_is_told_with_its_file_line_key_and_value(file, old, new, said):
    told = complaints(written(file, old, new))
    assert any(said in complaint for complaint in told), told
    assert all(complaint.startswith(file) for complaint in told[:1]), told
    with pytest.raises(SettingsError, match=re.escape(told[0])):
        parse_site("small", written(file, old, new))


def test_all_mistakes_are_found_in_one_go():
    files = {
        **written("things/here.toml", 'area = "west"', 'area = "nowhere"'),
        "rules/here.toml": RULES.replace('"10m"', '"soon"').replace("severity = 1", "severity = 9"),
        "boards/wall.toml": WALL.replace("hours = 24", "hours = -1"),
    }
    assert [line.split(": ")[0] for line in complaints(files)] == [
        "things/here.toml:6",
        "rules/here.toml:6",
        "rules/here.toml:19",
        "boards/wall.toml:19",
    ]
    with pytest.raises(SettingsError) as raised:
        parse_site("small", files)
    assert raised.value.__notes__ == ["and 3 more; `ioc check` lists them all"]
    assert (raised.value.file, raised.value.line, raised.value.key) == (
        "things/here.toml",
        6,
        "area",
    )
    assert raised.value.value == "nowhere"


@pytest.mark.parametrize("file", ["site.toml", "areas.toml"])
def test_a_missing_file_is_told_and_not_held_against_the_others(file):
    assert complaints({name: text for name, text in FILES.items() if name != file}) == [
        f"{file}: is missing"
    ]


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_file_that_is_no_toml_is_told_once_and_not_held_against_the_others(file):
    told = complaints({**FILES, file: FILES[file] + "\n=\n"})
    assert len(told) == 1
    assert re.match(rf"{file}:\d+: is no valid TOML", told[0])


@pytest.mark.parametrize(
    ("stray", "said"),
    [
        ("aeras.toml", "is no file of a site (did you mean areas.toml?)"),
        ("things.toml", "is no file of a site (did you mean things/….toml?)"),
        ("ruels/floods.toml", "is no file of a site (did you mean rules/….toml?)"),
        ("xyz.toml", "is no file of a site"),
        ("common/xyz.toml", "is no file of a site"),
    ],
)
def test_a_file_that_has_no_business_in_a_site_is_refused(stray, said):
    assert complaints({**FILES, stray: ""}) == [f"{stray}: {said}"]


def test_a_folder_is_read_file_by_file_in_the_order_of_their_names():
    siren = THINGS[THINGS.index("    { id =") :].splitlines()[2].replace("rain-01", "rain-02")
    files = {**FILES, "things/a.toml": "thing = [\n" + siren + "\n]"}
    assert [thing.id for thing in parse_site("small", files).things] == [
        "rain-02",
        "gateway-01",
        "river-01",
        "rain-01",
    ]
    files["things/a.toml"] = files["things/a.toml"].replace("rain-02", "rain-01")
    assert complaints(files) == [
        'things/here.toml:6: id = "rain-01": is taken by the thing in things/a.toml on line 2'
    ]


# What all sites share: the common files, taken with `common = true`.

TEMPLATE = """\
[[each]]
kind = "hospital"
id = "hospital-{area}"
areas = "districts"
name = { vi = "Bệnh viện {name}", en = "{name} hospital" }
settings = { beds = 300, doctors = 0.5 }
split = { beds = "km2" }
per = { doctors = "km2" }
"""
COMMON = {
    "common/things/society.toml": TEMPLATE,
    "common/rules/hazards.toml": RULES.replace('"alarm-1"', "9.0", 1),
    "common/indicators/hazards.toml": INDICATORS,
    "common/boards/wall.toml": WALL,
}


def sharing(*own: str, **changed: str) -> dict[str, str]:
    """Give the small site with the shared files, and only those of its own that are named."""
    kept = {file: FILES[file] for file in ("areas.toml", "things/here.toml", *own)}
    return {
        **kept,
        **COMMON,
        "site.toml": SITE.replace("seed = 7", "seed = 7\ncommon = true"),
        **changed,
    }


def test_what_all_sites_share_is_taken_only_by_those_that_say_so():
    site = parse_site("small", sharing())
    assert [row["id"] for row in site.rule_rows] == ["river-high", "silent"]
    assert [row["id"] for row in site.indicator_rows] == ["rain-highest"]
    assert [board.id for board in site.boards] == ["wall"]
    apart = parse_site("small", {**sharing(), "site.toml": SITE})
    assert (apart.rule_rows, apart.indicator_rows, apart.boards) == ((), (), ())


def test_an_entry_of_the_sites_own_stands_in_for_the_shared_one_of_its_id():
    files = sharing("rules/here.toml")
    shared = COMMON["common/rules/hazards.toml"]
    files["common/rules/hazards.toml"] = shared.replace('"silent"', '"quiet"', 1)
    rules = {row["id"]: row for row in parse_site("small", files).rule_rows}
    assert list(rules) == ["river-high", "quiet", "silent"]
    assert rules["river-high"]["above"] == "alarm-1"

    own = WALL.replace("Toàn cảnh", "Của tỉnh")
    board = parse_site("small", sharing(**{"boards/wall.toml": own})).boards
    assert [one.title.vi for one in board] == ["Của tỉnh"]


def test_what_speaks_of_a_kind_the_site_has_not_is_left_out():
    drained = FILES["things/here.toml"].replace("river-gauge", "weir")
    files = sharing(**{"things/here.toml": drained})
    files["common/indicators/hazards.toml"] = INDICATORS.replace('"rain-gauge"', '"siren"')
    assert complaints(files) == []
    site = parse_site("small", files)
    assert [row["id"] for row in site.rule_rows] == ["silent"]
    assert site.indicator_rows == ()
    assert [panel.id for panel in site.boards[0].panels] == ["map", "rain"]


def test_a_mistake_in_what_all_share_is_told_with_its_file_and_line():
    files = sharing()
    files["common/rules/hazards.toml"] = RULES.replace('"10m"', '"soon"')
    files["common/boards/wall.toml"] = WALL.replace("hours = 24", "hours = -1")
    assert [line.split(": ")[0] for line in complaints(files)] == [
        "common/rules/hazards.toml:6",
        "common/boards/wall.toml:19",
    ]


def test_a_template_makes_one_thing_for_each_area_of_a_level():
    things = {thing.id: thing for thing in parse_site("small", sharing()).things}
    east, west = things["hospital-east"], things["hospital-west"]
    assert east.name == Text("Bệnh viện huyện Đông", "East District hospital")
    assert (east.area, west.area) == ("east", "west")
    assert east.settings == {"beds": 150.0, "doctors": 1000.0}
    assert east.location != west.location
    for thing, centre in ((east, (103.7, 21.5)), (west, (103.3, 21.5))):
        off = max(abs(thing.location[0] - centre[0]), abs(thing.location[1] - centre[1]))
        assert 0.01 < off < 0.1


def test_where_a_templates_thing_stands_does_not_depend_on_the_other_things():
    other = TEMPLATE.replace("hospital-", "school-").replace('"hospital"', '"school"')
    files = sharing(**{"common/things/a.toml": other})
    more = {thing.id: thing.location for thing in parse_site("small", files).things}
    less = {thing.id: thing.location for thing in parse_site("small", sharing()).things}
    assert {name: more[name] for name in less} == less
    assert more["school-east"] != more["hospital-east"]


def test_a_template_may_make_several_things_in_each_area():
    several = TEMPLATE.replace("{area}", "{area}-{n}").replace("split", "count = 3\nsplit")
    things = parse_site("small", sharing(**{"common/things/society.toml": several})).things
    made = [thing for thing in things if thing.kind == "hospital"]
    assert [thing.id for thing in made[:3]] == [f"hospital-east-0{n}" for n in (1, 2, 3)]
    assert sum(float(thing.settings["beds"]) for thing in made) == pytest.approx(300)


def test_a_site_may_do_without_the_shared_things_of_a_kind():
    files = sharing()
    files["site.toml"] = files["site.toml"].replace(
        "common = true", 'common = true\nwithout = ["hospital"]'
    )
    assert "hospital" not in parse_site("small", files).kinds


def test_a_site_may_do_without_a_shared_indicator_and_shows_another_in_its_stead():
    instead = WALL.split("[[panel]]")[-1].replace("type", 'lacks = "rain-highest"\ntype', 1)
    instead = instead.replace('id = "highest"', 'id = "instead"')
    instead = instead.replace('type = "indicator"\nindicator = "rain-highest"', 'type = "alerts"')
    files = sharing(**{"common/boards/wall.toml": f"{WALL}\n[[panel]]{instead}"})
    site = parse_site("small", files)
    assert [panel.id for panel in site.boards[0].panels] == ["map", "rain", "highest"]

    files["site.toml"] = files["site.toml"].replace(
        "common = true", 'common = true\nwithout = ["rain-highest"]'
    )
    site = parse_site("small", files)
    assert site.indicator_rows == ()
    assert [panel.id for panel in site.boards[0].panels] == ["map", "rain", "instead"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"districts"', '"district"', "(did you mean districts?)"),
        ('"districts"', '["east", "north"]', "has north, which is no area of this site"),
        ("hospital-{area}", "hospital", "must have {area}"),
        ("hospital-{area}", "Hospital-{area}", "makes Hospital-east: it must be of a-z"),
        ("{name} hospital", "{nmae} hospital", "must have no braces but"),
        ('beds = "km2"', 'beds = "people"', "must be one of communes, km2, population"),
        ('beds = "km2"', 'bed = "km2"', "must be one of the settings, and a number"),
        ("split =", "splits =", "is no key here (did you mean split?)"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_line(old, new, said):
    assert old in TEMPLATE
    told = complaints(sharing(**{"common/things/society.toml": TEMPLATE.replace(old, new, 1)}))
    assert any(said in line for line in told), told
    assert re.match(r"common/things/society\.toml:\d+: ", told[0])


def test_a_chart_may_name_a_kind_and_shows_some_of_its_things():
    rain = FILES["things/here.toml"]
    line = next(line for line in rain.splitlines() if "rain-01" in line)
    more = "\n".join(line.replace("rain-01", f"rain-{n:02d}") for n in range(1, 10))
    files = {**FILES, "things/here.toml": rain.replace(line, more)}
    files["boards/wall.toml"] = WALL.replace("rain-01/", "rain-gauge/")
    shown = parse_site("small", files).boards[0].panels[1].row["datastreams"]
    assert shown == [f"rain-0{n}/rainfall" for n in (1, 3, 5, 7)]
    files["boards/wall.toml"] = files["boards/wall.toml"].replace("hours", "most = 2\nhours")
    shown = parse_site("small", files).boards[0].panels[1].row["datastreams"]
    assert shown == ["rain-01/rainfall", "rain-05/rainfall"]


# The mission's table.

MISSION = """\
[[row]]
id = 11
title = { vi = "Mưa", en = "Rain" }
source = "S2/S4"
year = "2022"
figure = { vi = "trên 96 %", en = "over 96 %" }
inputs = ["rain-gauge/rainfall", "river-01/level"]
records = ["call"]
indicators = ["rain-highest"]
rules = ["river-high"]
board = "wall"
panel = "rain"

[[row]]
id = 7
title = { vi = "Xếp hạng", en = "Rank" }
source = "S1"
board = "wall"
panel = "highest"
"""


def told_in(*sources: str, mission: str = MISSION) -> dict[str, str]:
    """Give the small site with a table of rows, of which it shows those of some sources."""
    listed = ", ".join(f'"{source}"' for source in sources)
    site = SITE.replace("seed = 7", f"seed = 7\nsources = [{listed}]")
    return {**FILES, "site.toml": site, "rows/here.toml": mission}


def test_a_site_shows_the_rows_of_its_own_sources():
    assert parse_site("small", FILES).mission == ()
    assert [row.id for row in parse_site("small", told_in("S1")).mission] == [7]
    assert [row.id for row in parse_site("small", told_in("S4", "S1")).mission] == [7, 11]
    (row,) = parse_site("small", told_in("S2")).mission
    assert row.inputs == ("rain-gauge/rainfall", "river-01/level")
    assert (row.figure, row.records) == (Text("trên 96 %", "over 96 %"), ("call",))
    (row,) = parse_site("small", told_in("S1")).mission
    assert (row.figure, row.inputs, row.indicators) == (None, (), ())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rain-gauge/rain", "rain-guage/rain", "no such kind (did you mean rain-gauge?)"),
        ('"rain-gauge/rainfall"', '"rain-gauge"', 'must be a list of "kind/datastream"'),
        ('["rain-highest"]', '["rain-most"]', "has rain-most, which this site has not"),
        ('["river-high"]', '["river-low"]', "has river-low, which this site has not"),
        ('board = "wall"', 'board = "well"', "is no board of this site (did you mean wall?)"),
        ('panel = "rain"', 'panel = "rains"', "is no panel of wall (did you mean rain?)"),
        ("id = 11", 'id = "11"', "must be a whole number"),
        ("id = 11", "id = 7", "is taken by the row on line 1"),
        ('source = "S2/S4"', "", "source: is missing"),
        ("records", "recods", "is no key here (did you mean records?)"),
    ],
)
def test_a_row_that_names_what_is_not_there_is_told_with_its_line(old, new, said):
    told = complaints(told_in("S1", "S2", mission=MISSION.replace(old, new, 1)))
    assert any(said in line for line in told), told
    assert re.match(r"rows/here\.toml:\d+: ", told[0])


def test_a_site_may_bring_its_own_shapes():
    ring = "[[[103.1,21.1],[103.2,21.1],[103.2,21.2],[103.1,21.1]]]"
    shape = '{"type":"Polygon","coordinates":' + ring + "}"
    east = '{"type":"Feature","id":"east","geometry":' + shape + "}"
    west = '{"type":"Feature","properties":{"area":"west"},"geometry":' + shape + "}"
    files = written("site.toml", "seed = 7", 'seed = 7\ngeometry = "shapes.geojson"')

    def collection(*features):
        return '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"

    files["shapes.geojson"] = collection(east, west)
    assert complaints(files) == []
    shapes = parse_site("small", files).geometry
    assert set(shapes) == {"east", "west"}
    assert shapes["west"]["type"] == "Polygon"

    for text, said in [
        (collection(east), 'has no feature for the area "west"'),
        (collection(east, west.replace('"west"', '"north"')), "must be the id of an area"),
        (collection(east, west.replace("103.2,21.2", "113.2,21.2")), "a point outside the site's"),
        (collection(east, west.replace(",[103.1,21.1]]]", "]]")), "open or too short"),
        (collection(east, west.replace("103.2,21.2", "NaN,21.2")), "a point outside the site's"),
        (collection(east, west.replace("Polygon", "Point")), "must be a Polygon"),
        ('{"type":"Feature"}', 'of type "FeatureCollection"'),
        ("[]", 'of type "FeatureCollection"'),
        ("{", "shapes.geojson:1: is no valid JSON"),
    ]:
        told = complaints({**files, "shapes.geojson": text})
        assert len(told) == 1, told
        assert told[0].startswith("shapes.geojson")
        assert said in told[0]


def test_every_key_of_a_toml_text_is_found_on_its_line():
    text = '''\
# [[not]] = a table
a = 1
"b c" = """
[[neither]]
this = "is" a key
"""
d.e = { f = 1, "g" = [1,
    2, { h = '}' }] }

[t.u]
v = "x # no comment"  # a comment = 3

[[w]]
x = 1
[w.y]
z = 2026-01-01T00:00:00Z

[[w]]
x = [
  "]",
  "}",
]
'''
    lines = lines_of(text)
    assert {path: lines[path] for path in lines if isinstance(path[-1], str)} == {
        ("a",): 2,
        ("b c",): 3,
        ("d",): 7,
        ("d", "e"): 7,
        ("d", "e", "f"): 7,
        ("d", "e", "g"): 7,
        ("d", "e", "g", 2, "h"): 8,
        ("t", "u"): 10,
        ("t", "u", "v"): 11,
        ("w",): 13,
        ("w", 0, "x"): 14,
        ("w", 0, "y"): 15,
        ("w", 0, "y", "z"): 16,
        ("w", 1, "x"): 19,
    }
    assert lines[("w", 0)] == 13
    assert lines[("w", 1)] == 18
    assert lines[("w", 1, "x", 1)] == 21


def test_an_error_of_a_row_says_more_as_it_is_seen_from_further_out():
    wrong = SettingsError("must be a number", "limit", "abc")
    assert str(wrong) == 'limit = "abc": must be a number'
    placed = wrong.within("rule", 3).located("rules/here.toml", {("rule", 3, "limit"): 41}, {})
    assert str(placed) == 'rules/here.toml:41: limit = "abc": must be a number'
    bare = SettingsError("must have a response").within("rule", 0)
    assert str(bare.located("rules/here.toml", {("rule", 0): 2}, {})) == (
        "rules/here.toml:2: must have a response"
    )
    long = SettingsError("is too long", "name", "x" * 500)
    assert len(str(long)) < 100


ODD = ["true", "-1", "1e308", "nan", '""', '"x"', "[]", "[[]]", "[nan, nan]", "{}", "1979-05-27"]


@pytest.mark.parametrize("file", sorted(FILES))
def test_whatever_stands_at_a_key_is_told_and_never_stumbled_over(file):
    """Every value of the file, one at a time, becomes something nobody expects."""
    values = [
        (found.start(1), found.end(1))
        for found in re.finditer(
            r"(?:=|\{|,) *(\"[^\"]*\"|\[[^\[\]]*\]|\{[^{}]*\}|[\d.]+)", FILES[file]
        )
    ]
    assert len(values) > 5
    for start, end in values:
        for odd in ODD:
            text = FILES[file][:start] + odd + FILES[file][end:]
            for line in complaints({**FILES, file: text}):
                assert re.match(r"[a-z/]+\.toml(:\d+)?: ", line), line


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_key_left_out_is_told_and_never_stumbled_over(file):
    lines = FILES[file].splitlines(keepends=True)
    for number in range(len(lines)):
        text = "".join(lines[:number] + lines[number + 1 :])
        for line in complaints({**FILES, file: text}):
            assert re.match(r"[a-z/]+\.toml(:\d+)?: ", line), line
