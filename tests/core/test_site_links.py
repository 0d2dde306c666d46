"""A site's links: what is wrong with a row is said, and shared rows without their kinds go."""

import pytest

from ioc.core.site import check_site, parse_site
from tests.core.test_site import FILES, SITE

CHAIN = '[[link]]\nid = "river"\nchain = ["river-01", "rain-01"]\n'
KINDS = '[[link]]\nid = "rain-river"\nparent = "rain-gauge"\nchild = "river-gauge"\n'


def complaints(links: str, file: str = "links/here.toml") -> list[str]:
    site = SITE.replace("seed = 7", "seed = 7\ncommon = true")
    files = {**FILES, "site.toml": site, file: links}
    return [str(problem) for problem in check_site("small", files)]


def test_a_sites_graph_is_that_of_its_rows():
    assert complaints(CHAIN) == complaints(KINDS) == []
    graph = parse_site("small", {**FILES, "links/here.toml": KINDS}).graph()
    assert graph.ancestors("river-01") == {"river-01": 0, "rain-01": 1}
    assert graph.gateway("river-01") == "gateway-01"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"river-01", "rain-01"', '"river-1", "rain-01"', 'has no thing "river-1" (did you mean'),
        ('"river-01", "rain-01"', '"rain-01", "rain-01"', "must name two things or more"),
        ('chain = ["river-01"', 'chian = ["river-01"', "chian"),
    ],
)
def test_what_is_wrong_with_a_chain_is_said_with_its_place(old, new, said):
    told = complaints(CHAIN.replace(old, new))
    assert any(said in one and one.startswith("links/here.toml:") for one in told), told


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('where = "near"\n', "must be one of area, every, nearest, setting"),
        ('where = "setting"\n', "names the parent's and the child's setting"),
        ('settings = ["role", "needs"]\n', "names the parent's and the child's setting"),
        ("within_km = 5\n", 'is for where = "nearest"'),
        ('where = "nearest"\nwithin_km = -1\n', "must be 0 or more"),
    ],
)
def test_what_is_wrong_with_a_row_of_kinds_is_said(more, said):
    assert any(said in one for one in complaints(KINDS + more))


def test_a_kind_the_site_has_not_is_refused_in_its_own_file_and_left_out_of_a_shared_one():
    foreign = KINDS.replace("rain-gauge", "rain-gouge")
    assert "is no kind of this site (did you mean rain-gauge?)" in complaints(foreign)[0]
    assert complaints(foreign, "common/links/here.toml") == []


def test_the_shipped_site_knows_what_its_portal_hangs_on():
    from ioc.sites import read_site

    graph = read_site("dien-bien").graph()
    above = graph.ancestors("service-portal-01")
    assert above["bus-lgsp-01"] == 1
    assert above["dc-dien-bien-phu-01"] <= 2
    assert graph.ancestors("river-nam-rom-02")["river-nam-rom-01"] == 1
