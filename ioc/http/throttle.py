"""How often a password may be tried: five failures a minute for an account, twenty for an address.

Only failures count, so that nobody is locked out by logging in often; tries under way count too,
or a hundred at once would all be tried before the first has failed.
"""

import contextlib
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from ioc.http.problems import Problem

PER_ACCOUNT: Final = 5
PER_ADDRESS: Final = 20
_RETRY_AFTER_S: Final = "60"


class Throttle:
    """Remembers the failures of the last minute."""

    def __init__(self) -> None:
        """Begin with none."""
        self.refused = 0
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._account = RateLimitItemPerMinute(PER_ACCOUNT, namespace="account")
        self._address = RateLimitItemPerMinute(PER_ADDRESS, namespace="address")
        self._under_way: Counter[tuple[RateLimitItem, str]] = Counter()

    @contextlib.contextmanager
    def attempt(self, account: str, address: str) -> Iterator["Attempt"]:
        """Enclose a try; set ``failed`` inside when the password was wrong.

        Raises:
            Problem: 429, too many tries.
        """
        keys = ((self._account, account), (self._address, address))
        for limit, name in keys:
            left = self._limiter.get_window_stats(limit, name).remaining
            if left - self._under_way[limit, name] <= 0:
                self.refused += 1
                raise Problem(
                    HTTPStatus.TOO_MANY_REQUESTS,
                    "too many wrong passwords; wait a minute",
                    headers={"retry-after": _RETRY_AFTER_S},
                )
        self._under_way.update(keys)
        attempt = Attempt()
        try:
            yield attempt
        finally:
            self._under_way.subtract(keys)
            self._under_way += Counter()  # drops what is nought, or every name would stay
            if attempt.failed:
                for limit, name in keys:
                    self._limiter.hit(limit, name)


class Attempt:
    """One try of a password."""

    def __init__(self) -> None:
        """Begin as one that has not failed."""
        self.failed = False
