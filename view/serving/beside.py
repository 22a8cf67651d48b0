"""The process of `view/queueing/copies.py`: ``python -m view.serving.beside``."""

from __future__ import annotations

import gc
import json
import os
import pickle
import signal
from urllib.parse import parse_qsl

from view.money import live
from view.queueing.copies import (
    CARD,
    GOOD,
    HEAVY,
    HEAVY_MOVE,
    LIGHT_MOVE,
    REFUSED,
    RUN,
    Answer,
    Copies,
)
from view.queueing.heavy import HeavyError
from view.serving import cards
from view.settings import runs
from view.words.words import LANGS


def main() -> None:
    """The process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server's to hear
    # What anybody prints goes to the log and not among the answers.
    answers = os.dup(1)
    os.dup2(2, 1)

    def light(message: bytes) -> Answer:
        try:
            return GOOD, live.packed(live.light_answer(message))
        except HeavyError as error:
            return HEAVY, error.lang.encode()
        except live.RefusedError as error:
            return REFUSED, str(error).encode()

    def heavy(message: bytes) -> Answer:
        try:
            return GOOD, live.answer(message)
        except live.RefusedError as error:
            return REFUSED, str(error).encode()

    def run(scheme: bytes) -> Answer:
        return GOOD, pickle.dumps(runs.played(pickle.loads(scheme)), protocol=5)

    def card(message: bytes) -> Answer:
        fmt, query = json.loads(message)
        return GOOD, cards.made(fmt, dict(parse_qsl(query, keep_blank_values=True)))

    # Whatever is made here goes to the server at once, which keeps it.
    runs.RUNS.most = live.DRAWN.most = 1
    # What the first one would have to find and load is there in every copy.
    for lang in LANGS:
        live.answer(live.sample(lang))
    gc.collect()
    gc.freeze()  # so that copies share it
    Copies({LIGHT_MOVE: light, HEAVY_MOVE: heavy, RUN: run, CARD: card}, 0, answers).serve()


if __name__ == "__main__":
    main()
