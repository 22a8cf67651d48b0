"""Runs that have just been worked out, kept for a moment.

Whoever moves a knob has the panels worked out while the hand moves, and the page once more when it
rests; a class opens the same link together. A run depends on nothing but the settings, and nobody
changes one, so that all may read the same. Only a few are kept, and of long ones fewer.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from model import simulate
from model.result import Result
from view import state
from view.state import Settings

#: Runs kept, and the ticks of all of them together: one takes 700 bytes to 7,000, by preset.
MOST_RUNS: Final = 20
MOST_TICKS: Final = 8_000


class Runs:
    """The runs asked for last, by their settings."""

    def __init__(self, most: int = MOST_RUNS, ticks: int = MOST_TICKS) -> None:
        self.most, self.ticks = most, ticks
        self._kept: OrderedDict[tuple[str, ...], Result] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, settings: Settings) -> Result:
        """The run of these settings; raises SchemeError if they do not hold together."""
        changes = sorted((key, state.written(value)) for key, value in settings.changes.items())
        key = (settings.preset.reference, *(part for pair in changes for part in pair))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        result = simulate(settings.scheme())
        with self._lock:
            self._kept[key] = result
            while len(self._kept) > self.most or (
                len(self._kept) > 1 and sum(run.ticks for run in self._kept.values()) > self.ticks
            ):
                self._kept.popitem(last=False)
        return result


#: The runs of this process.
RUNS: Final = Runs()
