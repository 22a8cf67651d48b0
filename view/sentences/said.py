"""What a mechanism says of a run, and of what people are assumed to do. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.arrays import Floats
from model.asked.answers import answers
from model.result import Result
from model.scheme import Mechanism, Scheme
from view.words.words import Words


class Said:
    """Asked of every mechanism. By itself nothing is said."""

    #: How many no rule gave anything to wait for, where it is all there is.
    without = "finding.without.any"

    def word(self, mechanism: Any) -> str:
        """One word for a scheme that is this and nothing else, commissions aside."""
        return ""

    # -- what is assumed -------------------------------------------------------------------------

    def assumed(self, scheme: Scheme, w: Words) -> str:
        """What people are assumed to do where it is all there is; empty: what any rule says."""
        return ""

    def must(self, scheme: Scheme, w: Words) -> list[str]:
        """The same as parts of a sentence; empty: what any rule says."""
        return []

    def sells(self, scheme: Scheme, w: Words) -> str:
        """Who sells, as a part of a sentence; empty where nothing can be sold."""
        return ""

    def share(self, mechanism: Any, w: Words) -> list[str]:
        """What of it has to be known with any run, as parts of a sentence."""
        return []

    def also(self, scheme: Scheme, w: Words) -> list[str]:
        """What else is set that a reader of the picture must know."""
        return []

    # -- what is found ---------------------------------------------------------------------------

    def finding(self, result: Result, w: Words) -> str:
        """The finding of a run where it is all there is."""
        return ""

    def besides(self, result: Result, w: Words) -> str:
        """What came on top of the other rules."""
        return ""

    def halted_at(self, result: Result) -> int | None:
        """The tick from which nothing more happens, because a price left all bounds."""
        return None

    def price(self, result: Result) -> float:
        """What is traded costs so much at the end, yuan; 0 where nothing is."""
        return 0.0

    def part_paid(self, result: Result) -> Floats | None:
        """The part of what was due on each tick that was paid, (ticks,); None: nothing is due."""
        return None

    def stricter(self, result: Result, w: Words, *, since: int, none: int) -> list[str]:
        """What was done to pay less once a promise was not kept.

        ``since``: days since then; ``none``: those of them on which nothing was paid.
        """
        return []

    def counted(self, result: Result) -> Mapping[str, float] | None:
        """Orders by how they fared where it is all there is; None: as any rule counts them."""
        return None


def says(mechanism: Mechanism) -> Said:
    """Who speaks for a mechanism."""
    return answers(Said)[mechanism.kind]
