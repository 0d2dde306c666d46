"""Every shipped rule keeps what its stories promise, and a broken promise is found on its line."""

import pytest

from ioc.core.own import KIND
from ioc.core.rules import parse_rule
from ioc.core.settings_error import SettingsError
from ioc.core.stories import parse_stories, run_story
from ioc.sites import read_calendar, read_site, shipped
from ioc.verbs.rules import described, stories_of
from simulators.registry import discover


@pytest.fixture(scope="module")
def streams():
    return described()


@pytest.mark.parametrize("name", shipped())
def test_every_rule_keeps_what_its_stories_promise(name, streams):
    rules = [parse_rule(row) for row in read_site(name).rule_rows]
    stories = stories_of(name, rules, streams)
    assert stories
    failures = [one for story in stories for one in run_story(story, rules, read_calendar())]
    assert [str(one) for one in failures] == []


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_rule_has_a_story(name, streams):
    rules = [parse_rule(row) for row in read_site(name).rule_rows]
    told = {rule for story in stories_of(name, rules, streams) for rule in story.rules}
    assert [rule.id for rule in rules if rule.id not in told] == []


STORY = """
story A gust
  rules heavy
  thing rain-01 rain-gauge
  00:00  rain-01/rainfall 60
  00:10  rain-01/rainfall 60   -> heavy unacknowledged
  00:20  rain-01/rainfall 10   -> heavy returned
  00:25  lan acknowledges heavy -> heavy normal
"""


def heavy(**changes):
    words = {"vi": "x", "en": "x"}
    row = {"id": "heavy", "kind": "rain-gauge", "datastream": "rainfall", "above": 50}
    row |= {"hold": "10m", "severity": 3, "name": words, "response": words, **changes}
    return parse_rule(row)


def run(text, *rules):
    [story] = parse_stories("a.story", text, described())
    return [(one.line, one.promised, one.told) for one in run_story(story, rules)]


def test_a_kept_story_says_nothing():
    assert run(STORY, heavy()) == []


def test_a_broken_promise_names_its_line_and_what_was_told_instead():
    at_once = heavy(hold="0s")
    assert run(STORY, at_once) == [(5, (), ("heavy@rain-01 unacknowledged at 00:00:00",))]
    assert run(STORY, heavy(above=70)) == [(6, ("heavy unacknowledged",), ())]


def test_a_story_of_a_rule_that_is_not_there_fails():
    assert run(STORY.replace("rules heavy", "rules gone"), heavy())[0][2] == ("no rule gone",)


def test_a_line_that_cannot_be_read_is_named():
    with pytest.raises(SettingsError, match=r"a.story:3: cannot be read"):
        parse_stories("a.story", "story x\n  rules r\n  soon  rain-01/rainfall 3\n", {})


def test_kinds_of_stories_are_those_of_the_simulators_and_the_centre_s_own():
    assert set(described()) == {*discover(), KIND}
