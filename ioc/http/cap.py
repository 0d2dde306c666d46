"""Alerts as CAP 1.2: one by one, and as a feed of what is open."""

from typing import Final

from fastapi import Response

from ioc.core.alerts import Alert
from ioc.core.cap import MEDIA_TYPE, CapWriter
from ioc.http.access import Permission
from ioc.http.alerts import alert_body
from ioc.http.here import API, Api, Here
from ioc.http.inputs import AreaName, Caller
from ioc.http.ports import AlertFilter

_MOST: Final = 200
_FEED: Final = "application/atom+xml"


def add_cap(api: Api, here: Here) -> None:
    """Put the routes."""
    writer = CapWriter(here.content.site)

    @api.get(f"{API}/alerts/{{alert}}/cap", Permission.ALERTS, None, 404)
    async def alert_cap(caller: Caller, alert: str) -> Response:
        """Give one alert as a CAP 1.2 message."""
        body = await alert_body(here, caller, alert)
        thing = await here.reading(here.ports.archive.thing, body["thing"])
        return Response(writer.message(Alert.from_json(body), thing), 200, None, MEDIA_TYPE)

    @api.get(f"{API}/cap", Permission.ALERTS, None)
    async def cap(caller: Caller, area: AreaName = None) -> Response:
        """Give the open alerts, newest first, as an Atom feed of CAP 1.2 messages."""
        wanted = AlertFilter(open=True, active=True, areas=here.areas(caller, area))
        bodies = await here.reading(here.ports.archive.alerts, wanted, None, _MOST)
        alerts = [one for one in map(Alert.from_json, bodies) if one.announced]
        things = {
            thing["id"]: thing
            for one in alerts
            if (thing := await here.reading(here.ports.archive.thing, one.thing)) is not None
        }
        return Response(writer.feed(alerts, things, here.now()), 200, None, _FEED)
