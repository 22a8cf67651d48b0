"""Heavy runs of pages are played in a process of their own, beside that of heavy moves.

A page draws from its run for as long as it is shown, so the whole run comes back: some megabytes,
which take milliseconds where the run took a second of the interpreter that everybody needs. A
single heavy page is quicker here; only where a second one comes soon is the process started.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
import time
from typing import Final

from model.result import Result
from model.scheme import Scheme
from view.worker import FORKS, IDLE, RUNS, Worker

#: Seconds that one run may take there. It has a low priority; nobody's turn waits for it.
LIMIT: Final = 15.0


class Elsewhere:
    """The process, from the pages' side: their threads ask, the event loop talks to it."""

    def __init__(self, worker: Worker | None = None) -> None:
        command = (sys.executable, "-m", "view.worker", RUNS)
        self.worker = Worker(command, limit=LIMIT) if worker is None else worker
        self._loop: asyncio.AbstractEventLoop | None = None
        self._one = asyncio.Lock()
        self._last = -IDLE

    def open(self) -> None:
        """From now on runs may be asked for; within the event loop."""
        self._loop = asyncio.get_running_loop()

    async def close(self) -> None:
        """End it; runs are played where they are asked for again."""
        self._loop = None
        await self.worker.close()

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
        asked = asyncio.run_coroutine_threadsafe(self._played(pickle.dumps(scheme)), loop)
        result: Result = pickle.loads(asked.result())
        return result

    async def _played(self, scheme: bytes) -> bytes:
        async with self._one:
            return await self.worker.answer(scheme)


#: Of this process.
ELSEWHERE: Final = Elsewhere()
