"""Alerts as OASIS CAP 1.2: what another centre, or a public warning system, can read.

``Actual`` is said of nothing but real data; everything else is ``Exercise``, and its first word
says so too. Scope is ``Restricted``: an alert here is for those who answer it, not yet a public
warning. The end of an alert is an ``Update`` that refers to its beginning, ``AllClear``; one closed
as false, as a test or as history, is a ``Cancel``.

The elements come in the order the standard asks (CAP 1.2, section 3.2); times have an offset and
no fraction. The map of severities is the project's own: the standard has none for five levels.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from xml.etree import ElementTree as Xml

from ioc.core.alerts import Alert
from ioc.core.conditions import Condition
from ioc.core.rules import parse_rule
from ioc.core.site import Site
from ioc.core.words import PROVINCE, SECOND, Instant, Origin, Severity, Text, rfc3339

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE: Final = "application/cap+xml"
ATOM: Final = "http://www.w3.org/2005/Atom"
LANGUAGES: Final = MappingProxyType({"vi": "vi-VN", "en": "en-US"})

SEVERITY: Final[Mapping[int, str]] = MappingProxyType(
    {5: "Extreme", 4: "Severe", 3: "Severe", 2: "Moderate", 1: "Minor"}
)
_WITHDRAWN: Final = ("false", "test", "duplicate", "history")
_URGENT: Final = Severity.VERY_HIGH

_MARKS: Final[Mapping[Origin, Text]] = MappingProxyType(
    {
        Origin.SIMULATED: Text("[MÔ PHỎNG] ", "[SIMULATED] "),
        Origin.EXERCISE: Text("[DIỄN TẬP] ", "[EXERCISE] "),
        Origin.REPLAY: Text("[PHÁT LẠI] ", "[REPLAY] "),
    }
)
CATEGORIES: Final = (
    (re.compile(r"rain|river|weather|storm|hydro|reservoir|dam|flood"), "Met"),
    (re.compile(r"slide|quake"), "Geo"),
    (re.compile(r"fire|hotspot|forest"), "Fire"),
    (re.compile(r"air|environment|waste|noise|emission"), "Env"),
    (re.compile(r"road|traffic|bus-stop|parking|bridge"), "Transport"),
    (re.compile(r"hospital|health|clinic|epidemic|vaccine|laboratory|telehealth"), "Health"),
    (re.compile(r"security|camera|intrusion"), "Security"),
    (
        re.compile(
            r"service|platform|integration|data-centre|network|telecom|power|feeder|substation|water|"
            r"pump|gateway|video|document|one-stop|mail|fibre"
        ),
        "Infra",
    ),
)
"""Of a kind's name -> CAP's category, the first that fits; else ``Other``."""

_TITLE: Final = Text("Cảnh báo đang mở", "Open alerts")
_TURNS: Final = ("raise", "clear", "level")
_AHEAD: Final = (Condition.FORECAST, Condition.ROUTED)
"""Conditions that speak of what has not happened yet."""
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_IDS: Final = re.compile(r"[\s,<&]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an alert is.

    Attributes:
        name: of the area.
        code: the General Statistics Office's code of it.
        geometry: GeoJSON of the area, or None.
        point: longitude and latitude of the thing, or None.
    """

    name: Text
    code: str
    geometry: Mapping[str, Any] | None = None
    point: tuple[float, float] | None = None


def cap_alert(  # noqa: PLR0913 - what a message says
    alert: Alert,
    *,
    site: str,
    sender_name: Text,
    kind: str,
    place: Place,
    likely: bool = False,
) -> str:
    """Write one alert as it stands.

    Args:
        alert: open or closed.
        site: its id, from which sender and identifiers are made.
        sender_name: the centre's name for people.
        kind: of the alert's thing; empty where it is unknown.
        place: where.
        likely: it is a forecast, nothing that was observed.
    """
    certainty = "Likely" if likely else "Observed"
    return _text(_element(alert, site, sender_name, _Told(kind, certainty, place)))


def cap_feed(documents: Iterable[tuple[Alert, str]], *, site: str, title: Text, at: Instant) -> str:
    """Write an Atom feed with the CAP messages inside.

    Args:
        documents: alerts, newest first, with what `cap_alert` wrote of each.
        site: its id.
        title: of the feed.
        at: when it is written.
    """
    feed = Xml.Element("feed", xmlns=ATOM)
    _say(feed, "id", f"urn:ioc:{site}:cap")
    _say(feed, "title", title.vi)
    _say(feed, "updated", rfc3339(at))
    author = Xml.SubElement(feed, "author")
    _say(author, "name", sender(site))
    for alert, document in documents:
        entry = Xml.SubElement(feed, "entry")
        _say(entry, "id", f"urn:ioc:{identifier(site, alert)}")
        _say(entry, "title", marked(alert, alert.message).vi)
        _say(entry, "updated", rfc3339(_sent(alert)))
        Xml.SubElement(
            entry, "link", rel="alternate", href=f"alerts/{alert.id}/cap", type=MEDIA_TYPE
        )
        content = Xml.SubElement(entry, "content", type=MEDIA_TYPE)
        content.append(Xml.fromstring(document))  # noqa: S314 - our own, just written
    return _text(feed)


def identifier(site: str, alert: Alert) -> str:
    """Give the message's own id: another one each time an alert rises or clears."""
    return _identified(site, alert, len(_turns(alert)))


def sender(site: str) -> str:
    """Give who sends: the same for every message of a site."""
    return f"urn:ioc:{site}"


class CapWriter:
    """Writes a site's alerts with what the site knows of their places."""

    def __init__(self, site: Site) -> None:
        """Know a site's areas."""
        self._site = site
        self._areas = {area.id: area for area in site.areas}
        rules = map(parse_rule, site.rule_rows)
        self._ahead = frozenset(rule.id for rule in rules if rule.condition in _AHEAD)

    def message(self, alert: Alert, thing: Mapping[str, Any] | None) -> str:
        """Write one alert; ``thing`` is its thing's document, if there is one."""
        area = self._areas.get(alert.area) or self._areas[PROVINCE]
        told = (thing or {}).get("location")
        point = (float(told[0]), float(told[1])) if isinstance(told, list | tuple) else None
        place = Place(area.name, area.code, self._site.geometry.get(area.id), point)
        kind = str((thing or {}).get("kind", ""))
        return cap_alert(
            alert,
            site=self._site.id,
            sender_name=self._site.name,
            kind=kind,
            place=place,
            likely=alert.rule in self._ahead,
        )

    def feed(
        self, alerts: Iterable[Alert], things: Mapping[str, Mapping[str, Any]], at: Instant
    ) -> str:
        """Write alerts, newest first, as a feed; ``things`` are the documents by id."""
        documents = [(one, self.message(one, things.get(one.thing))) for one in alerts]
        return cap_feed(documents, site=self._site.id, title=_TITLE, at=at)


def marked(alert: Alert, told: Text) -> Text:
    """Put the word in front that says when something is not real."""
    mark = _MARKS.get(alert.origin, Text("", ""))
    return Text(mark.vi + told.vi, mark.en + told.en)


def category(kind: str) -> str:
    """Give CAP's category of a kind of things."""
    return next((found for pattern, found in CATEGORIES if pattern.search(kind)), "Other")


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of an alert beside the alert."""

    kind: str
    certainty: str
    place: Place


def _element(alert: Alert, site: str, name: Text, told: _Told) -> Xml.Element:
    root = Xml.Element("alert", xmlns=NAMESPACE)
    real = alert.origin is Origin.REAL
    _say(root, "identifier", identifier(site, alert))
    _say(root, "sender", sender(site))
    _say(root, "sent", _time(_sent(alert)))
    _say(root, "status", "Actual" if real else "Exercise")
    _say(root, "msgType", _message_type(alert))
    _say(root, "source", f"rule {alert.rule}")
    _say(root, "scope", "Restricted")
    _say(root, "restriction", "For the centre and those who answer its alerts")
    if not real:
        _say(root, "note", f"Not a real event: the data are of origin {alert.origin.value}")
    turns = _turns(alert)
    if len(turns) > 1:
        before = _identified(site, alert, len(turns) - 1)
        _say(root, "references", f"{sender(site)},{before},{_time(turns[-2])}")
    if alert.incident is not None:
        _say(root, "incidents", _NOT_IN_IDS.sub("-", alert.incident))
    for language in LANGUAGES:
        _info(root, alert, language, name, told)
    return root


def _info(root: Xml.Element, alert: Alert, language: str, name: Text, told: _Told) -> None:
    def own(text: Text) -> str:
        return text.vi if language == "vi" else text.en

    info = Xml.SubElement(root, "info")
    headline = own(marked(alert, alert.message))
    _say(info, "language", LANGUAGES[language])
    _say(info, "category", category(told.kind))
    _say(info, "event", headline)
    _say(info, "responseType", "Monitor" if alert.active else "AllClear")
    _say(info, "urgency", _urgency(alert))
    _say(info, "severity", SEVERITY[int(alert.severity)])
    _say(info, "certainty", told.certainty)
    _say(info, "effective", _time(alert.detected_at))
    _say(info, "onset", _time(alert.raised_at))
    _say(info, "senderName", own(name))
    _say(info, "headline", headline)
    _say(info, "description", headline)
    _say(info, "instruction", own(alert.response))
    for key, value in (
        ("rule", alert.rule),
        ("thing", alert.thing),
        ("datastream", alert.datastream),
        ("value", f"{alert.value:g}"),
        ("limit", f"{alert.limit:g}"),
        ("unit", alert.unit),
        ("severity", str(int(alert.severity))),
        ("origin", alert.origin.value),
    ):
        if value:
            parameter = Xml.SubElement(info, "parameter")
            _say(parameter, "valueName", key)
            _say(parameter, "value", value)
    _area(info, own(told.place.name), told.place)


def _area(info: Xml.Element, name: str, place: Place) -> None:
    area = Xml.SubElement(info, "area")
    _say(area, "areaDesc", name)
    if place.point is not None:
        _say(area, "circle", f"{_pair(place.point)} 1")
    else:
        for ring in _rings(place.geometry):
            _say(area, "polygon", " ".join(_pair(point) for point in ring))
    if place.code:
        geocode = Xml.SubElement(area, "geocode")
        _say(geocode, "valueName", "GSO")
        _say(geocode, "value", place.code)


def _rings(geometry: Mapping[str, Any] | None) -> Iterable[Sequence[Sequence[float]]]:
    """Give the outer rings of a GeoJSON geometry; CAP knows no holes."""
    if geometry is None:
        return ()
    if geometry["type"] == "Polygon":
        return (geometry["coordinates"][0],)
    return tuple(polygon[0] for polygon in geometry["coordinates"])


def _message_type(alert: Alert) -> str:
    if alert.active:
        return "Alert" if len(_turns(alert)) == 1 else "Update"
    return "Cancel" if alert.reason in _WITHDRAWN else "Update"


def _urgency(alert: Alert) -> str:
    if not alert.active:
        return "Past"
    return "Immediate" if alert.severity >= _URGENT else "Expected"


def _sent(alert: Alert) -> Instant:
    """Give when a message came to be: with the last rise or clearing of the alert."""
    return _turns(alert)[-1]


def _turns(alert: Alert) -> list[Instant]:
    """Give when an alert rose and cleared, each with a message of its own; never none."""
    times = [step.at for step in alert.steps if step.step in _TURNS][1:]
    if not alert.active and not times:
        times = [alert.cleared_at or alert.closed_at or alert.detected_at]
    return [alert.detected_at, *times]


def _identified(site: str, alert: Alert, turn: int) -> str:
    return _NOT_IN_IDS.sub("-", f"{site}-{alert.id}-{turn}")


def _time(at: Instant) -> str:
    return rfc3339(at // SECOND * SECOND)


def _pair(point: Sequence[float]) -> str:
    return f"{point[1]:.5f},{point[0]:.5f}"


def _say(parent: Xml.Element, name: str, told: str) -> None:
    Xml.SubElement(parent, name).text = _NOT_XML.sub("\ufffd", told)


def _text(root: Xml.Element) -> str:
    written = Xml.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'
