"""The data centre, its buses and what stands on them."""

from typing import Final, NamedTuple

import numpy as np

from simulators.noise import Times, Truths, Values
from simulators.world.lines import GENERATOR_FAILS
from simulators.world.people import People

ROOM_TROUBLE: Final = 38.0
"""Degrees of the room at which machines protect themselves."""

ROOM_SET: Final = 22.0
_HANDS_S: Final = 1_620
"""Seconds until people have a generator or a spare cooler running."""

_COOLS_S: Final = 7_200
"""Seconds after which nothing is left of a room's heat."""


class BusState(NamedTuple):
    """How a bus of the data centre does: up or not, factor on latency, share of errors."""

    up: Truths
    slow: Values
    errors: Values


class Services(People):
    """Machines, and the services that need them."""

    def room_rise(self, at: Times, room: str) -> Values:
        """Give by how many degrees a room is above its setting: two masses without cooling."""
        rise = np.zeros(len(at))
        losses = [
            (loss.start, loss.end)
            for loss in self._during("cooling", at, before=_COOLS_S)
            if loss.target == room
        ]
        losses += [
            (cut.start, min(cut.end, cut.start + _HANDS_S))
            for cut in self._cuts("power-cut", at, self.seat, before=_COOLS_S)
            if cut.luck < GENERATOR_FAILS
        ]
        for start, end in losses:
            lost = np.clip(at - start, 0.0, end - start)
            heat = 2.6 * (1.0 - np.exp(-lost / 100.0)) + 0.554 * lost / 60.0
            rise = np.maximum(rise, heat * np.exp(-np.maximum(at - end, 0.0) / 600.0))
        return rise

    def room_up(self, at: Times, room: str = "primary") -> Truths:
        """Tell when a room's machines run: not while it is too hot."""
        return ROOM_SET + self.room_rise(at, room) < ROOM_TROUBLE

    def bus(self, name: str, at: Times) -> BusState:
        """Give how a bus does: ``lgsp``, ``ngsp``, ``axis`` or ``identity``."""
        up = self.room_up(at) & ~self.down(f"bus/{name}", at, mtbf_h=1_440.0, mttr_h=0.75)
        slow = np.ones(len(at))
        errors = np.where(self.down(f"burst/{name}", at, mtbf_h=110.0, mttr_h=0.1), 0.15, 0.001)
        for trouble in self._during("bus-slow", at):
            if trouble.target == name:
                course = trouble.shape(at, 0.35)
                slow = slow + (trouble.size - 1.0) * course
                errors = errors + 0.02 * course
                if trouble.luck < 0.3:
                    up = up & ~((at >= trouble.end - 480) & (at < trouble.end))
        return BusState(up, slow, np.where(up, errors, 1.0))

    def overload(self, at: Times, service: str) -> Values:
        """Give the factor on the requests a service gets."""
        factor = np.ones(len(at))
        for rush in self._during("overload", at):
            if rush.target == service:
                factor = factor + (rush.size - 1.0) * rush.shape(at, 0.3)
        return factor

    def unsigned(self, at: Times) -> Values:
        """Give the part of documents that cannot be signed because the certificates are away."""
        lost = np.zeros(len(at))
        for trouble in self._during("signing", at):
            lost = np.maximum(lost, trouble.size * trouble.shape(at, 0.1))
        return np.maximum(lost, np.where(self.bus("identity", at).up, 0.0, 0.9))
