"""A flood of alerts is a few incidents, and each names what it came from."""

import numpy as np
import pytest

from benchmarks.grouping import SEEDS, TUNED_ON, history, pair_f1, province, told_apart
from ioc.core.grouping import Bounds, Group, Grouping, Member
from ioc.core.links import Link, Links, Node
from ioc.core.words import DAY, MINUTE

LINKS = Links(
    [
        Link(parent="power", child="cooling"),
        Link(parent="cooling", child="room"),
        Link(parent="room", child="platform"),
        Link(parent="platform", child="service"),
    ],
    [
        Node("power-1", "power", "a", (103.0, 21.4)),
        Node("cooling-1", "cooling", "a", (103.0, 21.4)),
        Node("room-1", "room", "a", (103.0, 21.4)),
        Node("lgsp", "platform", "a", (103.0, 21.4)),
        Node("portal", "service", "a", (103.0, 21.4)),
        Node("reports", "service", "a", (103.0, 21.4)),
        Node("gauge-1", "rain-gauge", "a", (103.5, 21.8)),
        Node("gauge-2", "rain-gauge", "a", (103.51, 21.8)),
        Node("gauge-3", "rain-gauge", "a", (103.9, 21.8)),
    ],
)
GROUPING = Grouping(LINKS)


def at(thing: str, minute: float) -> Member:
    return Member(f"{thing}@{minute}", thing, round(minute * MINUTE))


def grouped(*members: Member) -> list[list[str]]:
    """Give the incidents of alerts that come one by one, each as its things."""
    groups: dict[str, Group] = {}
    for member in members:
        chosen = GROUPING.choose(member, list(groups.values())) or member.alert
        known = groups.get(chosen, Group(chosen, ()))
        groups[chosen] = Group(chosen, (*known.members, member))
    return [[one.thing for one in group.members] for group in groups.values()]


def test_a_cascade_is_one_incident_and_what_has_nothing_to_do_with_it_another():
    assert grouped(
        at("power-1", 0), at("cooling-1", 2), at("gauge-1", 3), at("room-1", 9), at("lgsp", 12)
    ) == [["power-1", "cooling-1", "room-1", "lgsp"], ["gauge-1"]]


def test_two_effects_of_a_cause_nobody_saw_are_together_when_they_come_together():
    assert grouped(at("portal", 0), at("reports", 2)) == [["portal", "reports"]]
    assert grouped(at("portal", 0), at("reports", 10)) == [["portal"], ["reports"]]


def test_time_limits_but_a_chain_of_alerts_goes_on():
    assert grouped(at("power-1", 0), at("cooling-1", 16)) == [["power-1"], ["cooling-1"]]
    assert grouped(at("power-1", 0), at("cooling-1", 14), at("room-1", 28)) == [
        ["power-1", "cooling-1", "room-1"]
    ]


def test_where_the_graph_says_nothing_the_place_does():
    assert grouped(at("gauge-1", 0), at("gauge-2", 3), at("gauge-3", 3)) == [
        ["gauge-1", "gauge-2"],
        ["gauge-3"],
    ]


def test_the_nearer_cause_is_the_likelier_one():
    groups = [Group("a", (at("power-1", 0),)), Group("b", (at("cooling-1", 0),))]
    assert GROUPING.choose(at("room-1", 1), groups) == "b"
    assert GROUPING.choose(at("room-1", 1), groups[::-1]) == "b", "whatever their order"


def test_the_root_is_what_all_others_hang_on_even_when_it_comes_last():
    assert GROUPING.root([at("portal", 0), at("reports", 1)]).thing == "portal", "first out"
    assert GROUPING.root([at("portal", 0), at("reports", 1), at("lgsp", 2)]).thing == "lgsp"
    late = [at("portal", 0), at("lgsp", 2), at("gauge-1", 0), at("power-1", 9)]
    assert GROUPING.root(late).thing == "power-1"


@pytest.mark.parametrize("seed", [SEEDS[0], SEEDS[7], SEEDS[19]])
def test_at_fifty_alerts_a_day_pairs_are_told_apart_on_provinces_never_seen(seed):
    assert seed not in TUNED_ON
    chance = np.random.default_rng([seed, 50])
    links, nodes = province(chance)
    alerts = history(links, nodes, 50, 14, chance)
    assert len(alerts) >= 700
    assert max(one.member.at for one in alerts) <= 15 * DAY
    assert pair_f1(told_apart(alerts, Grouping(links, Bounds())))["f1"] >= 0.95


def test_in_a_flood_an_alert_is_compared_with_a_bounded_number_and_still_finds_what_it_hangs_on():
    nodes = [Node(f"g{n}", "rain-gauge", "a", (100.0 + n, 20.0)) for n in range(1000)]
    links = Links(
        [Link(parent="power", child="cooling")],
        [
            *nodes,
            Node("power-1", "power", "a", (99.0, 20.0)),
            Node("cooling-1", "cooling", "a", (99.0, 20.0)),
        ],
    )
    compared = 0

    class Counting(Grouping):
        def _distance(self, *told):
            nonlocal compared
            compared += 1
            return super()._distance(*told)

    grouping = Counting(links)
    flood = [Group(f"i{n}", (Member(f"a{n}", f"g{n}", 5 * MINUTE),)) for n in range(1000)]
    power = Group("p", (Member("ap", "power-1", 0),))
    assert grouping.choose(Member("x", "cooling-1", 5 * MINUTE), [power, *flood]) == "p"
    assert compared <= 101
