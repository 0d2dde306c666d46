"""Who may do what. Deny by default: a role has what stands here, a route asks for one of these."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ioc.core.words import HOUR, PROVINCE, Area
from ioc.http.ports import Visitor


class Role(StrEnum):
    """Everybody who has a token is one of these."""

    DISPLAY = "display"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    HANDLER = "handler"
    DEVELOPER = "developer"
    ADMIN = "admin"


class Permission(StrEnum):
    """What a route asks of whoever calls it."""

    OPEN = "open"
    """Nothing at all."""
    LOOPBACK = "loopback"
    """To come from this machine; from elsewhere `INTERNALS`."""
    LOGIN = "login"
    """Any login."""

    SITE = "site"
    THINGS = "things"
    ALERTS = "alerts"
    INDICATORS = "indicators"
    INCIDENTS = "incidents"
    STREAM = "stream"
    TASKS = "tasks"
    RECORDS = "records"
    REVIEW = "review"
    SHELVES = "shelves"
    MAINTENANCE = "maintenance"
    DRILLS = "drills"
    RULES = "rules"
    SCORES = "scores"
    REFUSED = "refused"
    INTERNALS = "internals"
    AUDIT = "audit"
    PERFORMANCE = "performance"
    NOTIFICATIONS = "notifications"
    BRIEFS = "briefs"

    COMMENT = "comment"
    ACKNOWLEDGE = "acknowledge"
    SHELVE = "shelve"
    SHELVE_LONG = "shelve-long"
    CLOSE = "close"
    RAISE = "raise"
    MAINTAIN = "maintain"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    GIVE = "give"
    SEE = "see"
    DUTY = "duty"
    HAND_OVER = "hand-over"
    SHIFTS = "shifts"
    USERS = "users"
    BRIEF = "brief"


_SHOWN: Final = frozenset(
    {
        Permission.LOGIN,
        Permission.SITE,
        Permission.THINGS,
        Permission.ALERTS,
        Permission.INDICATORS,
        Permission.INCIDENTS,
        Permission.STREAM,
    }
)
_WORKED: Final = _SHOWN | {
    Permission.TASKS,
    Permission.RECORDS,
    Permission.REVIEW,
    Permission.SHELVES,
    Permission.MAINTENANCE,
    Permission.DRILLS,
    Permission.RULES,
    Permission.COMMENT,
    Permission.DUTY,
    Permission.BRIEFS,
}
_OPERATED: Final = _WORKED | {
    Permission.ACKNOWLEDGE,
    Permission.SHELVE,
    Permission.RAISE,
    Permission.DISPATCH,
    Permission.HANDLE,
    Permission.HAND_OVER,
}
_OVERSEEN: Final = frozenset(
    {
        Permission.PERFORMANCE,
        Permission.NOTIFICATIONS,
        Permission.BRIEF,
    }
)

GRANTED: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        Role.DISPLAY: _SHOWN,
        Role.OPERATOR: _OPERATED,
        Role.SUPERVISOR: _OPERATED
        | _OVERSEEN
        | {Permission.SHELVE_LONG, Permission.CLOSE, Permission.MAINTAIN, Permission.SHIFTS},
        Role.LEADER: _WORKED
        | _OVERSEEN
        | {Permission.REFUSED, Permission.SCORES, Permission.GIVE, Permission.SEE},
        Role.HANDLER: _SHOWN | {Permission.TASKS, Permission.HANDLE},
        Role.DEVELOPER: _SHOWN
        | {
            Permission.RECORDS,
            Permission.DRILLS,
            Permission.RULES,
            Permission.SCORES,
            Permission.REFUSED,
            Permission.INTERNALS,
        },
        Role.ADMIN: frozenset(
            {
                Permission.LOGIN,
                Permission.SITE,
                Permission.INTERNALS,
                Permission.AUDIT,
                Permission.USERS,
            }
        ),
    }
)
"""The contract's roles (design, section 4). An administrator keeps accounts and sees no data."""

LONGEST_OPERATOR_SHELF: Final = 8 * HOUR


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever is asking.

    Attributes:
        username: None for a display.
        areas: what they may see, with everything below; None for all.
        home: the areas as the account has them.
        token: what they showed; never written anywhere.
    """

    username: str | None
    role: Role
    areas: frozenset[str] | None
    home: tuple[str, ...]
    agency: str | None
    token: str

    def may(self, permission: Permission) -> bool:
        """Tell whether the role has a permission."""
        return permission in GRANTED[self.role]

    @property
    def bound_agency(self) -> str | None:
        """The agency whose incidents and tasks are all they see; None for no such bound."""
        return self.agency if self.role is Role.HANDLER else None

    def reaches(self, area: str, owner: str) -> bool:
        """Tell whether an incident or task is theirs to see: by its area, or by who owes it."""
        if self.bound_agency is None:
            return self.sees(area)
        return owner == self.bound_agency or (self.areas is not None and area in self.areas)

    def sees(self, area: str) -> bool:
        """Tell whether an area is inside what they may see."""
        return self.areas is None or area in self.areas

    @property
    def impersonal(self) -> bool:
        """Whether names and notes of people are kept from them (a screen in a public room)."""
        return self.role is Role.DISPLAY


class AreaTree:
    """Which areas lie inside which."""

    def __contains__(self, area: object) -> bool:
        """Tell whether a site has an area; the province always."""
        return area == PROVINCE or area in self._inside

    def __init__(self, areas: Iterable[Area]) -> None:
        """Learn a site's areas."""
        self._inside: dict[str, set[str]] = {}
        parents = {area.id: area.parent for area in areas}
        for area in parents:
            above: str | None = area
            while above is not None:
                self._inside.setdefault(above, set()).add(area)
                above = parents.get(above)

    def within(self, areas: Collection[str]) -> frozenset[str] | None:
        """Give areas with everything inside them; None when that is the whole site."""
        if not areas or PROVINCE in areas:
            return None
        return frozenset(inner for area in areas for inner in self._inside.get(area, {area}))


def principal(visitor: Visitor, token: str, tree: AreaTree) -> Principal | None:
    """Make a principal of a visitor; None for a role this version does not know.

    No areas are all of them, but not for a handler: what is theirs is their agency's or their
    areas', so without either nothing is. The whole province is theirs when it is named.
    """
    if visitor.role not in tuple(Role):
        return None
    unbound = visitor.role == Role.HANDLER and not visitor.areas and not visitor.agency
    return Principal(
        username=visitor.username,
        role=Role(visitor.role),
        areas=frozenset() if unbound else tree.within(visitor.areas),
        home=tuple(visitor.areas),
        agency=visitor.agency,
        token=token,
    )
