"""Blocking work, off the event loop: a few threads, and a bounded queue before them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from ioc.centre.ports import StoreAwayError

_LONGEST_S: Final = 12.0
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Work:
    """Runs blocking functions on threads of its own.

    Attributes:
        refused: how many were turned away because too many were waiting.
    """

    def __init__(
        self, name: str, threads: int, waiting: int, longest_s: float = _LONGEST_S
    ) -> None:
        """Start no thread before there is work.

        Args:
            name: of the threads.
            threads: how many run at once.
            waiting: how many may wait for one; more are refused at once.
            longest_s: after which nobody waits for an answer any more.
        """
        self.refused = 0
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._most = threads + waiting
        self._inside = 0
        self._longest_s = longest_s

    async def __call__(
        self, function: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        """Run a function and give what it gives.

        Raises:
            StoreAwayError: too many are waiting, or it took too long.
        """
        if self._inside >= self._most:
            self.refused += 1
            raise StoreAwayError("too many requests are waiting")
        loop = asyncio.get_running_loop()
        self._inside += 1
        try:
            future = loop.run_in_executor(self._threads, lambda: function(*args, **kwargs))
            async with asyncio.timeout(self._longest_s):
                return await future
        except TimeoutError as late:
            raise StoreAwayError(f"no answer within {self._longest_s:g} s") from late
        finally:
            self._inside -= 1

    def close(self) -> None:
        """Take no more work; what is waiting is dropped, what runs is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
