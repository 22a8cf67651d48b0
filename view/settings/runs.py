"""Runs that have just been worked out, kept for a moment.

Whoever moves a knob has the panels worked out while the hand moves, and the page once more when it
rests; a class opens the same link together. A run depends on nothing but the settings, and nobody
changes one, so that all may read the same. Only a few are kept, and of large ones fewer. No run is
longer than a page works out (view.settings.limits).
"""

from __future__ import annotations

from typing import Final

from model import simulate
from model.cost import cost
from model.result import Result
from model.scheme import Scheme
from view.queueing.elsewhere import ELSEWHERE
from view.queueing.heavy import beside, heavy
from view.queueing.lately import Lately
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


def run_key(settings: Settings) -> tuple[str, ...]:
    """What a run depends on: settings with the same key have the same one."""
    changes = sorted((name, state.written(value)) for name, value in settings.changes.items())
    return (settings.preset.reference, *(part for pair in changes for part in pair))


class Runs(Lately[tuple[str, ...], Result]):
    """The runs asked for last, by their settings."""

    def __init__(self, most: int = MOST_RUNS, memory: float = MOST_BYTES) -> None:
        super().__init__(most, memory)

    def of(self, settings: Settings) -> Result:
        """The run of these settings; raises SchemeError if they do not hold together."""
        settings = limits.bounded(settings)
        scheme = settings.scheme()
        beside(scheme)  # also what is kept: drawing it is as heavy
        wanted = run_key(settings)
        return self.get(wanted) or self.keep(wanted, played(scheme), cost(scheme).kept)


#: The runs of this process.
RUNS: Final = Runs()
