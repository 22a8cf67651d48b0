"""Those who hold points, followed by running factors instead of one by one."""

from __future__ import annotations

from array import array
from math import inf


class Pointer:
    """A place in the line of orders: everybody before it has passed some price.

    ``inside`` orders of ``block`` are before it, and got ``inside_points``. The weighted sums count
    every order of the era before it with 1 / (the era's survivors when it joined), so that times
    today's survivors they give what would be left of it.
    """

    __slots__ = (
        "block",
        "entry",
        "inside",
        "inside_points",
        "order",
        "path",
        "weighted_orders",
        "weighted_points",
    )

    def __init__(self) -> None:
        self.block = 0
        self.inside = 0
        self.inside_points = 0.0
        self.entry = inf  # price at which the order pointed at joined
        self.order = 0.0
        self.weighted_orders = 0.0
        self.weighted_points = 0.0
        self.path = array("d")  # tick, order and inside_points of each stop

    def stop(self, tick: int) -> None:
        """Remember where it stands."""
        self.path.extend((tick, self.order, self.inside_points))


class Era:
    """A stretch of orders with rising entry prices; unpaid points end one by lowering the price.

    Sums and survivors start afresh with each, so that what little is issued at a high price is not
    lost beside what was issued at a low one, nor yesterday's orders beside what is left of old
    ones; a very long rise, or sale, is cut into eras for that alone.
    """

    __slots__ = (
        "end",
        "end_weighted_orders",
        "end_weighted_points",
        "even",
        "evens",
        "first_tick",
        "forced",
        "gone",
        "marks",
        "parts",
        "start",
        "survivors",
        "taker",
    )

    def __init__(self, *, start: int, first_tick: int) -> None:
        self.start = start  # its first block
        self.end = -1  # the block after its last one, -1 while it is open
        self.end_weighted_orders = self.end_weighted_points = 0.0
        self.first_tick = first_tick  # survivors are counted from this tick on
        self.survivors = 1.0
        self.gone: int | None = None  # the tick on which so few were left that they count as gone
        self.forced = Pointer()
        #: Where orders of one place in line are in parts that leave at different times: how much of
        #: each order is in each part, and who of it has left.
        self.parts: list[float] = [1.0]
        self.marks: list[Pointer] = []
        self.taker = Pointer()
        self.even = Pointer()
        #: Earlier marks of who was even, each with the tick on which the price fell again.
        self.evens: list[tuple[int, Pointer]] = []
