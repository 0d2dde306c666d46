"""What the law allows for a citizen's report, counted in working days.

A report that is not for the authority is refused within 2 working days, a supplement is asked for
within 5, it is handled within 15, and what came of it is published within 2 more. The figures are
those commonly given for reports and petitions (phản ánh, kiến nghị); a province may set shorter
ones for what is urgent.
"""

from typing import Final

from ioc.core.calendar import WorkingCalendar
from ioc.core.words import Instant

REFUSE: Final = "refuse"
SUPPLEMENT: Final = "supplement"
HANDLE: Final = "handle"
"""The limits by name."""

REFUSE_DAYS: Final = 2
SUPPLEMENT_DAYS: Final = 5
HANDLE_DAYS: Final = 15
PUBLISH_DAYS: Final = 2


def report_limits(received: Instant, calendar: WorkingCalendar) -> dict[str, Instant]:
    """Give the named times of a report that was received at some time."""
    days = {REFUSE: REFUSE_DAYS, SUPPLEMENT: SUPPLEMENT_DAYS, HANDLE: HANDLE_DAYS}
    return {name: calendar.closing(received, count) for name, count in days.items()}


def publish_limit(done: Instant, calendar: WorkingCalendar) -> Instant:
    """Give the time by which what came of a report is to be published."""
    return calendar.closing(done, PUBLISH_DAYS)
