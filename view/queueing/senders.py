"""Who asks, and who has had how much of the server's time: so that nobody is held up by another.

A sender is a page in a browser, told apart by its address and a name of its own. A class shares one
address, and whoever wants more than their share takes many names: so both count, the page as one
and the address as a class.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final, NamedTuple

#: As many pages of one address count as one page of another.
CLASS: Final = 30.0
#: Seconds after which half of what somebody has had is forgotten.
HALF_LIFE: Final = 5.0
#: More senders than this are not remembered.
MOST_SENDERS: Final = 2_000


class Sender(NamedTuple):
    """A page in a browser."""

    address: str
    page: str = ""


NOBODY: Final = Sender("")


@lru_cache(maxsize=1024)
def network(host: str) -> str:
    """What one household has: an IPv4 address as it is, of an IPv6 one the first half."""
    try:
        address = ip_address(host)
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return address.packed[:8].hex()


def sender(host: str | None, page: str | None) -> Sender:
    """The sender at this address whose page calls itself so; a strange name counts as none."""
    named = page if page is not None and re.fullmatch(r"[\w-]{1,40}", page, re.ASCII) else ""
    return Sender(network(host or ""), named)


class Shares:
    """How much time senders have had lately; who has had least comes first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since = clock()
        #: Seconds, in the money of the beginning: what is new counts for more and nothing has to
        #: be made smaller as time passes.
        self._had: dict[Sender | str, float] = {}
        self._lock = threading.Lock()

    def had(self, who: Sender) -> float:
        """What counts against a sender; only for comparing with others."""
        with self._lock:
            mine, ours = self._had.get(who, 0.0), self._had.get(who.address, 0.0)
        return mine + ours / CLASS

    def charge(self, who: Sender, seconds: float) -> None:
        """A sender has had so much more."""
        with self._lock:
            age = (self._clock() - self._since) / HALF_LIFE
            if age > 500 or len(self._had) > 2 * MOST_SENDERS:
                self._tidy(age)
                age = 0.0
            for key in (who, who.address):
                self._had[key] = self._had.get(key, 0.0) + seconds * 2.0**age

    def _tidy(self, age: float) -> None:
        """Begin anew: forget all but those who have had most."""
        kept = sorted(self._had.items(), key=lambda item: item[1], reverse=True)[:MOST_SENDERS]
        self._had = {key: value * 2.0**-age for key, value in kept}
        self._since = self._clock()
