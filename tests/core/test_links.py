"""What depends on what, worked out from a site's rows and the things there are."""

import math

from ioc.core.links import Link, Links, Node, Where, explained


def node(id_: str, kind: str, area: str = "a", at=(103.0, 21.4), **more) -> Node:
    return Node(id_, kind, area, at, **more)


CENTRE = Links(
    [
        Link(parent="power", child="cooling"),
        Link(parent="cooling", child="room"),
        Link(parent="room", child="platform"),
        Link(parent="platform", child="service", where=Where.SETTING, settings=("role", "needs")),
    ],
    [
        node("power-1", "power"),
        node("cooling-1", "cooling"),
        node("room-1", "room", via="gateway-1"),
        node("lgsp", "platform", settings={"role": "lgsp"}),
        node("axis", "platform", settings={"role": "axis"}),
        node("portal", "service", settings={"needs": "lgsp"}),
        node("web", "service"),
    ],
)


def test_ancestors_come_with_how_far_up_they_are():
    assert CENTRE.ancestors("portal") == {
        "portal": 0,
        "lgsp": 1,
        "room-1": 2,
        "cooling-1": 3,
        "power-1": 4,
    }
    assert CENTRE.ancestors("portal", 2) == {"portal": 0, "lgsp": 1, "room-1": 2}
    assert CENTRE.ancestors("nobody-knows-it") == {"nobody-knows-it": 0}


def test_what_needs_nothing_depends_on_nothing():
    assert CENTRE.parents("web") == ()
    assert CENTRE.count("room-1") == 2


def test_the_nearest_is_the_nearest_within_reach():
    links = Links(
        [Link(parent="feeder", child="mast", where=Where.NEAREST, within_km=5)],
        [
            node("feeder-far", "feeder", at=(103.04, 21.4)),
            node("feeder-near", "feeder", at=(103.01, 21.4)),
            node("mast-1", "mast"),
            node("mast-alone", "mast", at=(103.9, 21.9)),
            node("mast-nowhere", "mast", at=None),
        ],
    )
    assert links.parents("mast-1") == ("feeder-near",)
    assert links.parents("mast-alone") == links.parents("mast-nowhere") == ()
    assert round(links.km("mast-1", "feeder-near"), 2) == 1.04
    assert links.km("mast-1", "mast-nowhere") == math.inf


def test_a_chain_runs_downstream_and_a_thing_of_an_area_depends_on_its_area():
    links = Links(
        [
            Link(chain=("river-1", "river-2", "river-3")),
            Link(parent="fibre", child="mast", where=Where.AREA),
        ],
        [
            *(node(f"river-{no}", "river") for no in (1, 2, 3)),
            node("fibre-a", "fibre"),
            node("fibre-b", "fibre", area="b"),
            node("mast-b", "mast", area="b"),
        ],
    )
    assert links.ancestors("river-3") == {"river-3": 0, "river-2": 1, "river-1": 2}
    assert links.parents("mast-b") == ("fibre-b",)


def test_a_thing_that_comes_and_goes_has_its_place_in_the_graph_meanwhile():
    links = Links([Link(parent="feeder", child="mast", where=Where.AREA)], [node("mast-1", "mast")])
    assert links.parents("mast-1") == ()
    links.learn(node("feeder-1", "feeder"))
    assert links.parents("mast-1") == ("feeder-1",)
    links.learn(node("feeder-1", "feeder", area="b"))
    assert links.parents("mast-1") == ()
    links.learn(node("feeder-1", "feeder"))
    links.forget("feeder-1")
    assert links.parents("mast-1") == ()


def test_rows_that_go_round_in_a_circle_end():
    links = Links([Link(chain=("a", "b", "a"))], [node("a", "x"), node("b", "x")])
    assert links.ancestors("a") == {"a": 0, "b": 1}


def test_what_is_down_nearest_above_explains_and_a_gateway_before_all():
    assert explained("portal", {"power-1": "alert-1", "lgsp": "alert-2"}, CENTRE) == "alert-2"
    assert explained("portal", {"portal": "alert-3"}, CENTRE) is None
    assert explained("room-1", {"power-1": "alert-1", "gateway-1": "alert-4"}, CENTRE) == "alert-4"
    assert explained("power-1", {"portal": "alert-3"}, CENTRE) is None, "effects explain no cause"
