"""Heavy runs of pages: one at a time, beside the turns of all others.

A run cannot leave the process, because the page draws from it for as long as it is shown. So a page
that needs a heavy one gives up its turn (``turns.py``), waits until no other heavy page is being
run, and shares the processor with the one whose turn it is, up to the end of its script: what it
draws is as heavy as its run. Who would wait for long is told so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Final, ParamSpec

from model.cost import cost
from model.scheme import Scheme
from view.queueing.senders import Sender
from view.queueing.turns import TURNS, Turns, visitor

P = ParamSpec("P")

#: Work (:class:`model.cost.Cost`) of runs that take their turn like everything else: some 0.1 s.
LIGHT: Final = 12.0
#: Seconds that a page waits for heavy ones of others.
PATIENCE: Final = 5.0
#: One heavy run at a time, however long it takes.
GATE: Final = Turns(longest=math.inf)


class HeavyError(Exception):
    """A move that is not to be worked out among the light ones; with its page's language."""

    def __init__(self, lang: str) -> None:
        super().__init__(lang)
        self.lang = lang


def heavy(*schemes: Scheme) -> bool:
    """Whether runs of these would keep others waiting."""
    return sum(cost(scheme).work for scheme in schemes) > LIGHT


def beside(*schemes: Scheme) -> None:
    """If runs of these are heavy, what follows in this turn is done beside the turns.

    Raises LateError where too many others are before it. Outside a turn this does nothing.
    """
    if TURNS.mine is not None and heavy(*schemes):
        TURNS.change(GATE, patience=PATIENCE)


@contextmanager
def turn(who: Sender) -> Iterator[None]:
    """A turn that may become one beside the others (:func:`beside`)."""
    with TURNS.turn(who):
        try:
            yield
        finally:
            GATE.leave()


def in_turn(draw: Callable[P, None]) -> Callable[P, None]:
    """``draw`` in its turn; for what Streamlit runs by itself, such as a fragment."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        with turn(visitor()):
            draw(*args, **kwargs)

    return drawn
