"""How a run begins: each mechanism brings its engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from model.arrays import Ints
from model.mechanisms.base import Line, Payments
from model.ran import Engines
from model.scheme import Scheme


@dataclass(frozen=True, kw_only=True)
class Setup:
    """A run that begins, and the engines so far."""

    scheme: Scheme
    line: Line
    engines: Engines
    whole_payments: bool

    def payments(self) -> Payments:
        """An empty book of payments."""
        return Payments(self.line.ticks, whole=self.whole_payments)


class Starting:
    """How a mechanism is run."""

    def start(self, mechanism: Any, run: Setup) -> None:
        """Put an engine for it among the run's."""
        raise NotImplementedError

    def alone(self, mechanism: Any, scheme: Scheme, orders: Ints) -> tuple[Line, Engines] | None:  # noqa: ARG002
        """Play all of a run that needs no account and has no other mechanism; None: it does."""
        return None
