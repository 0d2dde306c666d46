"""The engine judges observations against rules; see `ioc.core.engine.engine`."""

from ioc.core.engine.columns import Floats, Ints, Mask
from ioc.core.engine.engine import STREAMS, Engine, Judged
from ioc.core.engine.phases import Change, Turn

__all__ = ["STREAMS", "Change", "Engine", "Floats", "Ints", "Judged", "Mask", "Turn"]
