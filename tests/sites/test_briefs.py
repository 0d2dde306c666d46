"""What the shared briefs speak of is there, in one province or another."""

from ioc.sites import read_site

SITES = [read_site(name) for name in ("dien-bien", "binh-phuoc", "thai-binh")]


def test_every_indicator_of_a_brief_is_one_of_some_site():
    known = {row["id"] for site in SITES for row in site.indicator_rows}
    named = {id_ for site in SITES for plan in site.plans for id_ in plan.indicators}
    assert named - known == set()


def test_every_site_has_a_daily_and_a_shift_brief_that_says_much():
    for site in SITES:
        own = {row["id"] for row in site.indicator_rows}
        plans = {plan.id: plan for plan in site.plans}
        assert len(own.intersection(plans["daily"].indicators)) >= 30
        assert len(own.intersection(plans["shift"].indicators)) >= 15
