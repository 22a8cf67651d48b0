"""What a mechanism says of a run, and of what people are assumed to do. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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

    def counted(self, result: Result) -> Mapping[str, float] | None:
        """Orders by how they fared where it is all there is; None: as any rule counts them."""
        return None


def says(mechanism: Mechanism) -> Said:
    """Who speaks for a mechanism."""
    found: Said = answers(Said)[mechanism.kind]
    return found
