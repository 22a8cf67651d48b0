"""How much Python does, counted: the same on every computer, busy or not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType


def calls(do: Callable[[], object]) -> int:
    """How many functions `do` calls, its own and those written in C, however deep.

    What happens inside one function written in C is not seen.
    """
    seen = 0

    def see(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal seen
        seen += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        do()
    finally:
        sys.setprofile(before)
    return seen
