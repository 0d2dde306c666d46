"""What the guide says of rules is so: every example is read, and those of an hour are played."""

import re
import tomllib
from pathlib import Path

import pytest

from ioc.core.conditions import Condition
from ioc.core.rules import parse_rule
from ioc.core.stories import parse_stories, run_story
from ioc.sites import read_calendar, read_site
from ioc.verbs.rules import described

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "sites.md").read_text("utf-8")
WORDS = {"vi": "x", "en": "x"}


def examples():
    """Give the examples of the table of conditions, each as the lines of a rule."""
    table = GUIDE.split("| condition | broken when |")[1].split("\n\n")[0]
    for line in table.splitlines()[2:]:
        yield from re.findall("`([^`]+)`", line.split(" | ")[0])


def documented(told):
    """Read an example as a rule over the level of a river."""
    row = tomllib.loads(told.replace("; ", "\n"))
    base: dict[str, object] = {
        "id": "example",
        "kind": "river-gauge",
        "name": WORDS,
        "response": WORDS,
    }
    if "records" not in row:
        base["datastream"] = "*" if "offline" in row else "level"
    if "levels" not in row:
        base["severity"] = 2
    return parse_rule({**base, **row})


def test_every_type_of_rule_has_an_example_that_can_be_read():
    shown = {documented(told).condition for told in examples()}
    assert set(Condition) - shown == set()


THING = """
story An example
  rules example
  thing r river-gauge at=103.02,21.38 limits=alarm-1:3,alarm-2:4
  stream r/level every=10m
"""
STATES = THING.replace("every=10m", "every=10m levels=up,down")
NEAR = THING + "  thing n river-gauge at=103.10,21.40\n  stream n/level every=10m\n"

PLAYED = {
    'above = "alarm-2"': THING
    + """
  00:00  r/level 3.9
  00:10  r/level 4.1   -> example unacknowledged
  00:20  r/level 3.9   -> example returned""",
    "below = 50": THING
    + """
  00:00  r/level 51
  00:10  r/level 49    -> example unacknowledged""",
    "levels = [": THING
    + """
  00:00  r/level 3.5   -> example unacknowledged
  00:10  r/level 4.5   -> example 3
  00:20  r/level 3.5   -> example 2
  00:30  r/level 2     -> example returned""",
    'equals = "down"': STATES
    + """
  00:00  r/level up
  00:10  r/level down  -> example unacknowledged""",
    "silent = true": THING
    + """
  00:00  r/level 1
  00:30  wait
  00:31  wait          -> example unacknowledged at 00:30""",
    "offline = true": THING
    + """
  00:00  r goes offline -> example unacknowledged
  00:10  r goes online  -> example returned""",
    "rising = 0.5": THING
    + """
  00:00..01:00 every 10m  r/level 1 1.2
  01:10  r/level 1.6   -> example unacknowledged""",
    "falling = 0.5": THING
    + """
  00:00..00:20 every 10m  r/level 1.9
  00:30  r/level 1.2
  01:10..01:30 every 10m  r/level 2.9
  01:40  r/level 2.1   -> example unacknowledged""",
    "doubtful = {": THING
    + """
  00:00..02:00 every 10m  r/level 1.0 1.1
  02:10  r/level 3
  02:20  r/level 1.0   -> example unacknowledged""",
    "neighbours = {": NEAR
    + """
  00:00  r/level 160
  00:10  n/level 90
  00:20  r/level 160
  00:30  n/level 170
  00:45  wait          -> example@r unacknowledged, example@n unacknowledged""",
    'burn = { slo = 99.5, equals = "down" }': STATES
    + """
  00:00..06:00 every 10m  r/level up
  06:10..06:20 every 10m  r/level down -> example unacknowledged""",
    'deadline = "17:00"; days': THING
    + """
  16:00  r/level 1
  +1d 17:02  wait      -> example unacknowledged at +1d 17:00""",
    'deadline = "17:00"; records': THING
    + """
  16:00  r reports report submitted
  +1d 16:00  r reports report requested
  +1d 17:02  wait      -> example unacknowledged at +1d 17:00""",
    'expires = "60d"': THING
    + """
  00:00  r/level 61
  +1d 00:02  wait      -> example unacknowledged at +1d 00:00""",
}


@pytest.mark.parametrize("beginning", PLAYED)
def test_an_example_says_what_the_guide_says_of_it(beginning):
    [told] = [one for one in examples() if one.startswith(beginning)]
    [story] = parse_stories("example.story", PLAYED[beginning], described())
    failures = run_story(story, [documented(told)], read_calendar())
    assert [str(one) for one in failures] == []


def test_the_guide_s_own_story_is_kept_by_the_rule_it_names():
    [text] = re.findall("```story\n(.*?)```", GUIDE, re.DOTALL)
    [story] = parse_stories("guide.story", text, described())
    rules = [parse_rule(row) for row in read_site("dien-bien").rule_rows]
    assert run_story(story, rules, read_calendar()) == ()


def test_the_guide_s_rule_is_read():
    [text] = re.findall("```toml\n(\\[\\[rule\\]\\].*?)```", GUIDE, re.DOTALL)
    [row] = tomllib.loads(text)["rule"]
    assert parse_rule(row).limit == "alarm-2"
