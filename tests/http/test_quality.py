"""GET /quality: the four measures, grouped as asked."""

import pytest

from ioc.core.words import HOUR, MINUTE
from ioc.http import shapes
from tests.http.conftest import rain_gauge


def test_the_four_measures_come_by_datastream_kind_and_area(centre):
    centre.describe(rain_gauge(1), rain_gauge(2))
    whole = [(centre.now - n * 10 * MINUTE, 1.0) for n in range(144)]
    centre.observe("rain-test-01/rainfall", *whole)
    centre.observe("rain-test-02/rainfall", *whole[72:])
    centre.observe("rain-test-02/rainfall", (centre.now - 13 * HOUR - 1, 1e9), quality=2)
    answer = centre.get("/api/v1/quality?by=datastream").json()
    shapes.Qualities.model_validate(answer)
    told = {one["datastream"]: one for one in answer["items"]}
    good, poor = told["rain-test-01/rainfall"], told["rain-test-02/rainfall"]
    assert (good["right"], good["complete"], good["live"]) == (1.0, 1.0, 1.0)
    assert good["score"] == 100
    assert poor["complete"] == pytest.approx(73 / 144)
    assert poor["right"] == pytest.approx(1 - 1 / 73)
    assert poor["live"] == 0
    (kind,) = [
        one for one in centre.get("/api/v1/quality").json()["items"] if one["kind"] == "rain-gauge"
    ]
    assert kind["live"] <= 0.5
    areas = centre.get("/api/v1/quality?by=area&kind=rain-gauge").json()["items"]
    assert {one["area"] for one in areas} >= {"muong-ang"}


def test_it_pages_and_refuses_what_it_does_not_group_by(centre):
    centre.describe(rain_gauge(1), rain_gauge(2))
    first = centre.get("/api/v1/quality?by=thing&limit=1").json()
    assert len(first["items"]) == 1
    assert first["next"]
    second = centre.get("/api/v1/quality", params={"by": "thing", "cursor": first["next"]}).json()
    assert first["items"][0]["thing"] not in {one["thing"] for one in second["items"]}
    assert centre.get("/api/v1/quality?by=colour").status_code == 422
