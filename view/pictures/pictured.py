"""Which pictures a mechanism has of a run. No Streamlit here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from model.arrays import Floats
from model.asked.answers import answers
from model.result import Result
from model.scheme import Mechanism
from view.pictures.charts import Look


class Panel(NamedTuple):
    """One picture."""

    name: str
    title: str
    alt: str
    figure: Callable[[], go.Figure]


class Pictured:
    """Asked of every mechanism. By itself there is no picture."""

    #: Of several rules the lowest one's first panel is shown: the one that says most of them.
    place = 0
    #: What is said to those who cannot see the picture of who paid, where it is all there is.
    funding_alt = "alt.payers"
    #: Words for what it has not paid in cash, in the picture and under the pointer: where it is all
    #: there is, and beside others. None: a sum that it has promised.
    owed: tuple[tuple[str, str], tuple[str, str]] | None = None

    def shown(self, result: Result, look: Look, *, foot: str) -> Panel:
        """What there was, where it pays buyers. Raises LookupError where it does not."""
        raise LookupError("no picture of what there was")

    def three(self, result: Result, look: Look, *, foot: str) -> tuple[Panel, Panel, Panel] | None:
        """All three panels, where what each buyer got and who paid are other pictures."""
        return None

    def course(self, mechanism: Any) -> str:
        """What the picture of a real case shows: ``owed``, ``due``; empty: that is not known."""
        return ""

    def flows(self, result: Result) -> dict[str, Floats]:
        """Yuan a tick: ``due`` by the rule, ``income`` for it, and ``ads`` of it by advertisers."""
        return {name: np.zeros(result.ticks) for name in ("due", "income", "ads")}


def pictured(mechanism: Mechanism) -> Pictured:
    """Who knows the pictures of a mechanism."""
    return answers(Pictured)[mechanism.kind]
