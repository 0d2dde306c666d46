"""What a screen in a public room is not told: who did something, and what they wrote about it."""

from typing import Final

from ioc.core.history import CENTRE_NAME
from ioc.http.ports import Json

_STEPPED: Final = frozenset({"alert", "incident", "task"})
_PERSONAL: Final = {"task": ("from", "title")}


def impersonal(kind: str, body: Json) -> Json:
    """Give a body of an event's kind without people: the fields stay, empty."""
    if kind in _STEPPED:
        body = {
            **body,
            "steps": [
                step if step.get("by") == CENTRE_NAME else {**step, "by": "", "note": ""}
                for step in body.get("steps", ())
            ],
        }
    hidden = _PERSONAL.get(kind, ())
    return {**body, **{key: "" for key in hidden if key in body}} if hidden else body
