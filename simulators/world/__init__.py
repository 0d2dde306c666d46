"""The world the simulators share: the causes of what they observe, and how these are coupled.

::

    weather ─▶ fire ─▶ rivers ─▶ lines ─▶ people ─▶ services
      rain, heat   danger,   flow,    mains, fibre,  feasts, visitors,   rooms, buses,
      damp, wind   burning,  floods   roads, slides  epidemic, staff,    signing, load
                   smoke                             who suffers

A field is a module, and stands on those before it: none can read what it causes. docs/world.md
draws the whole graph. Every method is a pure function of (seed, time, place): simulators read
causes here and never one another. Caches only remember what would be computed again.
"""

from simulators.world.causes import (
    AreaLike,
    Climate,
    Festival,
    Society,
    read_climate,
    read_society,
)
from simulators.world.people import Affected, Epidemic
from simulators.world.rivers import FLOOD_FLOW, STEP
from simulators.world.services import ROOM_SET, ROOM_TROUBLE, BusState, Services

__all__ = [
    "FLOOD_FLOW",
    "ROOM_SET",
    "ROOM_TROUBLE",
    "STEP",
    "Affected",
    "AreaLike",
    "BusState",
    "Climate",
    "Epidemic",
    "Festival",
    "Society",
    "World",
    "read_climate",
    "read_society",
]


class World(Services):
    """All causes together; see the module."""
