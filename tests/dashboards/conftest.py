"""The browser that looks at the wall on its stage."""

from tests.end_to_end.conftest import browser

__all__ = ["browser"]
