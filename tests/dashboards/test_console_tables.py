"""What the browser's desk takes to be possible is what the centre allows."""

import re

import pytest

from ioc.core import incidents, tasks
from ioc.http.access import GRANTED, Permission
from tests.dashboards.stage import ROOT

CONSOLE = ROOT / "dashboards" / "src" / "console"


def table(file: str, name: str) -> dict[str, list[str]]:
    """Read a table of lists of words out of a file of the desk."""
    text = (CONSOLE / file).read_text(encoding="utf-8")
    found = re.search(rf"{name}\b[^=]*= \{{(.*?)^\}}", text, re.DOTALL | re.MULTILINE)
    assert found is not None, f"{name} is not in {file}"
    rows = re.findall(r"\"?([a-z-]+)\"?: \[(.*?)\]", found[1], re.DOTALL)
    return {key: re.findall(r'"([a-z-]+)"', told) for key, told in rows}


def test_the_desk_knows_which_roles_may_do_what():
    known = table("roles.ts", "ALLOWED")
    assert len(known) > 10
    for permission, roles in known.items():
        may = {role.value for role, granted in GRANTED.items() if Permission(permission) in granted}
        assert set(roles) == may, permission


GATHERING = {"link", "split", "merge"}
"""What is done to an incident as long as it is open, and leaves its state."""


@pytest.mark.parametrize(
    ("name", "transitions"),
    [("INCIDENT_NEXT", incidents.TRANSITIONS), ("TASK_NEXT", tasks.TRANSITIONS)],
)
def test_the_desk_offers_just_the_steps_a_state_allows(name, transitions):
    allowed: dict[str, set[str]] = {}
    for state, step in transitions:
        allowed.setdefault(state.value, set()).add(step.value)
    offered = {state: set(steps) for state, steps in table("deeds.ts", name).items() if steps}
    if transitions is incidents.TRANSITIONS:
        allowed = {state: steps | GATHERING for state, steps in allowed.items()}
    assert offered == allowed
