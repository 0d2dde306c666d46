"""CAP 1.2 as a grammar, written anew from the standard's rules, and stricter than its schema.

Held against every message: the order and number of elements, the code values, times with an
offset and without fractions, closed polygons, identifiers without spaces, commas, < or &.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as Xml

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
ID = re.compile(r"[^\s,<&]+")
TEXT = re.compile(r"\S(.|\n)*")
PAIR = r"-?\d+(\.\d+)?,-?\d+(\.\d+)?"
POLYGON = re.compile(rf"({PAIR} ){{3,}}{PAIR}")
CIRCLE = re.compile(rf"{PAIR} \d+(\.\d+)?")
REFERENCE = re.compile(rf"[^\s,<&]+,[^\s,<&]+,{TIME.pattern}( [^\s,<&]+,[^\s,<&]+,{TIME.pattern})*")


def one_of(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words))


NAMED = [("valueName", 1, 1, TEXT), ("value", 1, 1, TEXT)]
AREA = [
    ("areaDesc", 1, 1, TEXT),
    ("polygon", 0, 99, POLYGON),
    ("circle", 0, 99, CIRCLE),
    ("geocode", 0, 99, NAMED),
    ("altitude", 0, 1, TEXT),
    ("ceiling", 0, 1, TEXT),
]
INFO = [
    ("language", 0, 1, re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")),
    (
        "category",
        1,
        99,
        one_of(
            *("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env"),
            *("Transport", "Infra", "CBRNE", "Other"),
        ),
    ),
    ("event", 1, 1, TEXT),
    (
        "responseType",
        0,
        99,
        one_of(
            *("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess"),
            *("AllClear", "None"),
        ),
    ),
    ("urgency", 1, 1, one_of("Immediate", "Expected", "Future", "Past", "Unknown")),
    ("severity", 1, 1, one_of("Extreme", "Severe", "Moderate", "Minor", "Unknown")),
    ("certainty", 1, 1, one_of("Observed", "Likely", "Possible", "Unlikely", "Unknown")),
    ("audience", 0, 1, TEXT),
    ("eventCode", 0, 99, NAMED),
    ("effective", 0, 1, TIME),
    ("onset", 0, 1, TIME),
    ("expires", 0, 1, TIME),
    ("senderName", 0, 1, TEXT),
    ("headline", 0, 1, TEXT),
    ("description", 0, 1, TEXT),
    ("instruction", 0, 1, TEXT),
    ("web", 0, 1, TEXT),
    ("contact", 0, 1, TEXT),
    ("parameter", 0, 99, NAMED),
    ("resource", 0, 0, TEXT),
    ("area", 0, 99, AREA),
]
ALERT = [
    ("identifier", 1, 1, ID),
    ("sender", 1, 1, ID),
    ("sent", 1, 1, TIME),
    ("status", 1, 1, one_of("Actual", "Exercise", "System", "Test", "Draft")),
    ("msgType", 1, 1, one_of("Alert", "Update", "Cancel", "Ack", "Error")),
    ("source", 0, 1, TEXT),
    ("scope", 1, 1, one_of("Public", "Restricted", "Private")),
    ("restriction", 0, 1, TEXT),
    ("addresses", 0, 1, TEXT),
    ("code", 0, 99, TEXT),
    ("note", 0, 1, TEXT),
    ("references", 0, 1, REFERENCE),
    ("incidents", 0, 1, TEXT),
    ("info", 0, 99, INFO),
]


def faults(document: str) -> list[str]:
    """Give everything that makes a document no CAP 1.2 message."""
    root = Xml.fromstring(document)
    if root.tag != f"{CAP}alert":
        return [f"the root is {root.tag}"]
    found = list(_against(root, ALERT, "alert"))
    said = {child.tag.removeprefix(CAP): child.text for child in root}
    if said.get("scope") == "Restricted" and not said.get("restriction"):
        found.append("scope Restricted without a restriction")
    if said.get("msgType") in ("Update", "Cancel") and not said.get("references"):
        found.append(f"{said['msgType']} without references")
    for polygon in root.iter(f"{CAP}polygon"):
        points = (polygon.text or "").split()
        if points[0] != points[-1]:
            found.append("a polygon is not closed")
    return found


def _against(element: Xml.Element, grammar: list, path: str) -> Iterator[str]:  # type: ignore[type-arg]
    names = [child.tag.removeprefix(CAP) for child in element]
    order = [name for name, *_ in grammar]
    yield from (f"{path}/{name} is no element here" for name in names if name not in order)
    known = [order.index(name) for name in names if name in order]
    if known != sorted(known):
        yield f"{path}: {names} is out of order"
    for name, least, most, right in grammar:
        found = element.findall(f"{CAP}{name}")
        if not least <= len(found) <= most:
            yield f"{path}/{name}: {len(found)} times"
        for child in found:
            if isinstance(right, list):
                yield from _against(child, right, f"{path}/{name}")
            elif not right.fullmatch(child.text or ""):
                yield f"{path}/{name} = {child.text!r}"
