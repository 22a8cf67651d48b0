"""Heavy runs of pages are played in the process beside the server (``copies.py``).

A page draws from its run for as long as it is shown, so the whole run comes back: some megabytes,
which take milliseconds where the run took a second of the interpreter that everybody needs. A
single heavy page is quicker here; only where a second one comes soon is the process started.
"""

from __future__ import annotations

import asyncio
import pickle
import time
from typing import Final

from model.result import Result
from model.scheme import Scheme
from view.queueing.copies import FORKS, IDLE, RUN
from view.queueing.worker import WORKER, Worker


class Elsewhere:
    """The process, from the pages' side: their threads ask, the event loop talks to it."""

    def __init__(self, worker: Worker = WORKER) -> None:
        self.worker = worker
        self._loop: asyncio.AbstractEventLoop | None = None
        self._last = -IDLE

    def open(self) -> None:
        """From now on runs may be asked for; within the event loop."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """From now on runs are played where they are asked for."""
        self._loop = None

    def played(self, scheme: Scheme) -> Result | None:
        """The run of a heavy scheme; None: it is to be played here.

        Raises LateError where it takes too long. Not for the event loop's own thread.
        """
        loop = self._loop
        if loop is None or not FORKS:
            return None
        before, self._last = self._last, time.monotonic()
        if not self.worker.running:
            if self._last - before < IDLE:
                loop.call_soon_threadsafe(self.worker.prepare)
            return None
        asked = asyncio.run_coroutine_threadsafe(
            self.worker.answer(RUN, pickle.dumps(scheme)), loop
        )
        result: Result = pickle.loads(asked.result())
        return result


#: Of this process.
ELSEWHERE: Final = Elsewhere()
