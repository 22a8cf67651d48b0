"""Runs that have just been worked out, kept for a moment.

Whoever moves a knob has the panels worked out while the hand moves, and the page once more when it
rests; a class opens the same link together. A run depends on nothing but the settings, and nobody
changes one, so that all may read the same. Only a few are kept, and of large ones fewer. No run is
longer than a page works out (view.settings.limits).
"""

from __future__ import annotations

import pickle
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
        #: Each with its bytes; pickled until somebody asks for it, if another process played it.
        self._kept: OrderedDict[tuple[str, ...], tuple[Result | bytes, float]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, settings: Settings) -> Result:
        """The run of these settings; raises SchemeError if they do not hold together."""
        settings = limits.bounded(settings)
        scheme = settings.scheme()
        beside(scheme)  # also what is kept: drawing it is as heavy
        changes = sorted((key, state.written(value)) for key, value in settings.changes.items())
        key = (settings.preset.reference, *(part for pair in changes for part in pair))
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
        if found is None:
            result, kept = played(scheme), cost(scheme).kept
        elif isinstance(found[0], bytes):
            result, kept = pickle.loads(found[0]), found[1]
        else:
            return found[0]
        self._keep(key, result, kept)
        return result

    def newest(self) -> bytes:
        """The run asked for last, for another process to :meth:`take`."""
        with self._lock:
            key, (result, kept) = next(reversed(self._kept.items()))
        return pickle.dumps((key, pickle.dumps(result, protocol=5), kept), protocol=5)

    def take(self, sent: bytes) -> None:
        """A run that another process of ours has played."""
        key, result, kept = pickle.loads(sent)
        self._keep(key, result, kept)

    def _keep(self, key: tuple[str, ...], result: Result | bytes, kept: float) -> None:
        with self._lock:
            self._kept[key] = result, kept
            self._kept.move_to_end(key)
            while len(self._kept) > self.most or (
                len(self._kept) > 1 and sum(kept for _, kept in self._kept.values()) > self.memory
            ):
                self._kept.popitem(last=False)


#: The runs of this process.
RUNS: Final = Runs()
