"""Runs that have just been worked out, kept for a moment.

Whoever moves a knob has the panels worked out while the hand moves, and the page once more when it
rests; a class opens the same link together. A run depends on nothing but the settings, and nobody
changes one, so that all may read the same. Only a few are kept, and of large ones fewer. No run is
longer than a page works out (view.settings.limits).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from model import simulate
from model.cost import cost
from model.result import Result
from model.scheme import Scheme
from view.queueing.elsewhere import ELSEWHERE
from view.queueing.heavy import beside, heavy
from view.settings import limits, state
from view.settings.state import Settings

#: Runs kept, and the bytes of all of them together as model.cost has them: at most.
MOST_RUNS: Final = 20
MOST_BYTES: Final = 64e6


def played(scheme: Scheme) -> Result:
    """The run of a scheme, for no more days than a page works out: nobody else here plays one."""
    scheme = limits.shorter(scheme)
    if not heavy(scheme):
        return simulate(scheme)
    beside(scheme)
    return ELSEWHERE.played(scheme) or simulate(scheme)


class Runs:
    """The runs asked for last, by their settings."""

    def __init__(self, most: int = MOST_RUNS, memory: float = MOST_BYTES) -> None:
        self.most, self.memory = most, memory
        #: Each with its bytes.
        self._kept: OrderedDict[tuple[str, ...], tuple[Result, float]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, settings: Settings) -> Result:
        """The run of these settings; raises SchemeError if they do not hold together."""
        settings = limits.bounded(settings)
        scheme = settings.scheme()
        beside(scheme)  # also what is kept: drawing it is as heavy
        changes = sorted((key, state.written(value)) for key, value in settings.changes.items())
        key = (settings.preset.reference, *(part for pair in changes for part in pair))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        result, kept = played(scheme), cost(scheme).kept
        with self._lock:
            self._kept[key] = result, kept
            while len(self._kept) > self.most or (
                len(self._kept) > 1 and sum(kept for _, kept in self._kept.values()) > self.memory
            ):
                self._kept.popitem(last=False)
        return result


#: The runs of this process.
RUNS: Final = Runs()
