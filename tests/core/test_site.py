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
    "things.toml": THINGS,
    "rules.toml": RULES,
    "indicators.toml": INDICATORS,
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
    assert site.kinds == {"gateway", "river-gauge", "rain-gauge"}
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
    files = {**FILES, "rules.toml": rule}
    assert complaints(files) == ['rules.toml:3: kind = "siren": is no kind of this site']
    files["site.toml"] = SITE.replace("seed = 7", 'seed = 7\nkinds = ["siren"]')
    assert complaints(files) == []


def test_the_parsed_rows_cannot_be_changed():
    site = parse_site("small", FILES)
    with pytest.raises(TypeError):
        site.rule_rows[0]["above"] = 1  # type: ignore[index]
    assert replace(site, seed=8).seed == 8


WRONG = [
    # what no TOML parser minds
    ("rules.toml", 'above = "alarm-1"', "above = nan", "rules.toml:5: above = nan: must be"),
    ("rules.toml", 'above = "alarm-1"', "above = inf", "rules.toml:5: above = inf: must be"),
    (
        "things.toml",
        "alarm-1 = 3,",
        "alarm-1 = nan,",
        "things.toml:5: limits.alarm-1 = nan: must be a finite number",
    ),
    (
        "things.toml",
        "catchment_km2 = 40",
        "catchment_km2 = inf",
        "things.toml:5: settings.catchment_km2 = inf: must be a finite number",
    ),
    ("areas.toml", "km2 = 2000", "km2 = nan", "areas.toml:16: km2 = nan: must be a finite number"),
    # keys
    (
        "things.toml",
        'kind = "rain-gauge"',
        'kind = "rain-gauge", areas = "x"',
        'things.toml:6: areas = "x": is no key here (did you mean area?)',
    ),
    ("site.toml", "seed = 7", "sed = 7", "site.toml:5: sed = 7: is no key here"),
    ("site.toml", "seed = 7", "", "site.toml: seed: is missing"),
    ("areas.toml", "[[area]]", "[[aera]]", "areas.toml:1: aera ="),
    ("rules.toml", "hold =", "holt =", 'rules.toml:6: holt = "10m": is not a key of a rule'),
    ("indicators.toml", "window =", "windw =", "indicators.toml:7: windw"),
    ("boards/wall.toml", "hours = 24", "hour = 24", "boards/wall.toml:19: hour = 24: is no key"),
    # ids
    ("things.toml", '"rain-01"', '"Rain 01"', 'things.toml:6: id = "Rain 01": must be of a-z'),
    ("things.toml", '"rain-01"', '"river-01"', "is taken by the thing on line 5"),
    ("rules.toml", 'id = "silent"', 'id = "river-high"', "is taken by the rule on line 1"),
    ("areas.toml", 'id = "west"', 'id = "east"', "areas.toml:21:"),
    ("boards/wall.toml", 'id = "rain"', 'id = "map"', "is taken by the panel on line 6"),
    ("boards/wall.toml", 'id = "wall"', 'id = "well"', 'must be the file\'s name, "wall"'),
    ("site.toml", 'id = "small"', 'id = "tiny"', 'must be the folder\'s name, "small"'),
    # what is named must be there
    (
        "things.toml",
        'area = "west"',
        'area = "wets"',
        'things.toml:6: area = "wets": is no area of this site (did you mean west?)',
    ),
    ("areas.toml", 'parent = "province"', 'parent = "nowhere"', "areas.toml:14: parent"),
    ("areas.toml", 'parent = "province"', 'parent = "east"', "goes round in a circle"),
    ("areas.toml", 'id = "province"', 'id = "whole"', 'must have an area "province"'),
    (
        "things.toml",
        'via = "gateway-01"',
        'via = "gateway-02"',
        'things.toml:1: via = "gateway-02": is no gateway of this site (did you mean gateway-01?)',
    ),
    (
        "things.toml",
        'kind = "gateway",',
        'kind = "gateway", via = "gateway-01",',
        "must not be given by a gateway",
    ),
    ("rules.toml", '"river-gauge"', '"river-guage"', "(did you mean river-gauge?)"),
    ("rules.toml", '"alarm-1"', '"alarm-9"', 'rules.toml:5: above = "alarm-9": must be a number'),
    (
        "indicators.toml",
        'kind = "rain-gauge"',
        'kind = "rain"',
        'indicators.toml:6: of.kind = "rain": is no kind of this site',
    ),
    ("boards/wall.toml", '"rain-highest"', '"rain-most"', "is no indicator of this site"),
    ("boards/wall.toml", "rain-01/rain", "rain-02/rain", "there is no such thing"),
    ("boards/wall.toml", "rain-01/rainfall", "rain-01", 'a list of datastreams, "thing/data'),
    # values
    ("rules.toml", '"10m"', '"10 minutes"', 'rules.toml:6: hold = "10 minutes": must be a dura'),
    ("rules.toml", "severity = 2", "severity = 6", "rules.toml:7: severity = 6: must be"),
    ("rules.toml", 'vi = "Báo huyện"\n', "", "rules.toml:10: response"),
    ("rules.toml", 'above = "alarm-1"', "above = 1\nbelow = 0", "rules.toml"),
    ("things.toml", "alarm-2 = 4.5", "alarm-2 = 2", "must be above alarm-1 = 3"),
    (
        "things.toml",
        "[103.7, 21.5]",
        "[21.5, 103.7]",
        "things.toml:5: location = [21.5, 103.7]: must be [longitude, latitude] inside the site's",
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
    ("indicators.toml", "at_risk = 50", "at_risk = 5", "must not be below the target, 25"),
    ("indicators.toml", "target = 25\n", "", "needs a target beside it"),
    ("boards/wall.toml", "x = 8", "x = 20", "boards/wall.toml:11: w = 9: reaches over"),
    ("boards/wall.toml", "x = 8", "x = 7", "lies over the panel map"),
    ("boards/wall.toml", 'type = "map"', 'type = "mpa"', "(did you mean map?)"),
    # files
    ("rules.toml", "[[rule]]", "[[rule", "rules.toml:1: is no valid TOML"),
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
        **written("things.toml", 'area = "west"', 'area = "nowhere"'),
        "rules.toml": RULES.replace('"10m"', '"soon"').replace("severity = 1", "severity = 9"),
        "boards/wall.toml": WALL.replace("hours = 24", "hours = -1"),
    }
    assert [line.split(": ")[0] for line in complaints(files)] == [
        "things.toml:6",
        "rules.toml:6",
        "rules.toml:19",
        "boards/wall.toml:19",
    ]
    with pytest.raises(SettingsError) as raised:
        parse_site("small", files)
    assert raised.value.__notes__ == ["and 3 more; `ioc check` lists them all"]
    assert (raised.value.file, raised.value.line, raised.value.key) == ("things.toml", 6, "area")
    assert raised.value.value == "nowhere"


@pytest.mark.parametrize("file", sorted(set(FILES) - {"boards/wall.toml"}))
def test_a_missing_file_is_told_and_not_held_against_the_others(file):
    assert complaints({name: text for name, text in FILES.items() if name != file}) == [
        f"{file}: is missing"
    ]


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_file_that_is_no_toml_is_told_once_and_not_held_against_the_others(file):
    told = complaints({**FILES, file: FILES[file] + "\n=\n"})
    assert len(told) == 1
    assert re.match(rf"{file}:\d+: is no valid TOML", told[0])


def test_a_file_that_has_no_business_in_a_site_is_refused():
    told = complaints({**FILES, "thing.toml": ""})
    assert told == ["thing.toml: is no file of a site (did you mean things.toml?)"]


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
    placed = wrong.within("rule", 3).located("rules.toml", {("rule", 3, "limit"): 41}, {})
    assert str(placed) == 'rules.toml:41: limit = "abc": must be a number'
    bare = SettingsError("must have a response").within("rule", 0)
    assert str(bare.located("rules.toml", {("rule", 0): 2}, {})) == (
        "rules.toml:2: must have a response"
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
