"""What was worked out last, kept for a moment: whoever asks for the same again has it at once."""

from __future__ import annotations

import pickle
import threading
from collections import OrderedDict
from math import inf
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Lately(Generic[K, V]):
    """Values by what they were worked out from; nobody changes one, so that all may read the same.

    ``most`` are kept, and ``weight`` of all of them together (in whatever unit); the newest always.
    What another process of ours has worked out stays pickled until somebody asks for it.
    """

    def __init__(self, most: int, weight: float = inf) -> None:
        self.most, self.weight = most, weight
        self._kept: OrderedDict[K, tuple[V | bytes, float]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """The value, if it is kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
        value, weight = found
        if isinstance(value, bytes):
            value = self.keep(key, pickle.loads(value), weight)
        return value

    def keep(self, key: K, value: V, weight: float = 0.0) -> V:
        """Keep the value, and give it back."""
        self._put(key, value, weight)
        return value

    def newest(self) -> bytes:
        """What was asked for last, for another process to :meth:`take`."""
        with self._lock:
            key, (value, weight) = next(reversed(self._kept.items()))
        packed = value if isinstance(value, bytes) else pickle.dumps(value, protocol=5)
        return pickle.dumps((key, packed, weight), protocol=5)

    def take(self, sent: bytes) -> None:
        """What another process has worked out."""
        self._put(*pickle.loads(sent))

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._kept.clear()

    def _put(self, key: K, value: V | bytes, weight: float) -> None:
        with self._lock:
            self._kept[key] = value, weight
            self._kept.move_to_end(key)
            while len(self._kept) > self.most or (
                len(self._kept) > 1 and sum(w for _, w in self._kept.values()) > self.weight
            ):
                self._kept.popitem(last=False)


def packed(answer: bytes, *kept: Lately[Any, Any]) -> bytes:
    """An answer and what it was made of, for another process of ours to take apart."""
    return pickle.dumps((answer, *(one.newest() for one in kept)), protocol=5)


def unpacked(sent: bytes, *kept: Lately[Any, Any]) -> bytes:
    """The answer alone; what it was made of is kept."""
    answer, *rest = pickle.loads(sent)
    for one, newest in zip(kept, rest, strict=True):
        one.take(newest)
    return bytes(answer)
