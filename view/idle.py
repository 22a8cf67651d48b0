"""When a page was last run: garbage is collected when nobody is waiting (``server.py``)."""

from __future__ import annotations

import time

_runs = {"last": time.monotonic()}


def touch() -> None:
    """A page is being run: not a moment to collect garbage."""
    _runs["last"] = time.monotonic()


def since() -> float:
    """Seconds since a page was last run."""
    return time.monotonic() - _runs["last"]
