"""What a wall must not keep: a real browser is turned, cut off and robbed of its WebGL."""

import dataclasses

from playwright.sync_api import Browser

from benchmarks.soak import Day, Life, watching
from tests.dashboards.served import served
from tests.dashboards.stage import Stage

ALIVE = """function (prototype) {
    return this.filter((one) => Object.getPrototypeOf(one) === prototype).length;
}"""


def alive(watched, kind):
    """Count the panels of a kind that anything still holds."""
    asked = watched.devtools
    made = asked.send("Runtime.evaluate", {"expression": f"customElements.get('{kind}').prototype"})
    prototype = made["result"]["objectId"]
    found = asked.send("Runtime.queryObjects", {"prototypeObjectId": prototype})["objects"]
    function = {"objectId": found["objectId"], "functionDeclaration": ALIVE, "returnByValue": True}
    told = asked.send(
        "Runtime.callFunctionOn", {**function, "arguments": [{"objectId": prototype}]}
    )
    asked.send("Runtime.releaseObject", {"objectId": found["objectId"]})
    return told["result"]["value"]


def test_a_wall_that_lost_its_graphics_was_cut_off_and_turned_holds_one_map(browser: Browser):
    stage = Stage.of("dien-bien")
    some = [one for one in stage.site.boards if one.id in ("wall", "hazards")]
    boards = tuple(dataclasses.replace(one, screens=("s",), seconds=3600) for one in some)
    stage.site = dataclasses.replace(stage.site, boards=boards)
    with served(stage) as wall, watching(browser, wall, "/?board=wall&screen=s&kiosk") as watched:
        life = Life(watched, Day(wall), len(boards), frames=10)
        watched.drawn()
        for anew in (True, False):
            life.round(anew=anew)
        watched.weigh()
        assert life.lost == 2
        assert alive(watched, "ioc-panel-map") == 1
        assert alive(watched, "ioc-board") == 1
