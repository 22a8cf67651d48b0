"""Red flags of a points pool."""

from __future__ import annotations

from model.asked.flags import Flags, Reason
from model.mechanisms.points_pool.settings import PointsPool
from model.scheme import Scheme


class PointsPoolFlags(Flags[PointsPool]):
    """Points are paid out bit by bit, at a price that only rises, and may end in a forced exit."""

    def raised(self, mechanism: PointsPool, scheme: Scheme, package: int) -> dict[str, Reason]:  # noqa: ARG002
        """See :class:`Flags`."""
        credited = mechanism.share * mechanism.gift
        found: dict[str, Reason] = {
            "instalments": ("instalments.points", {"credited": ("share", credited)})
        }
        # A batch of points for old debts has no money behind it and lowers the price.
        if mechanism.debt <= 0:
            found["only_rises"] = ("only_rises", {})
        if mechanism.exit_multiple is not None:
            times = mechanism.exit_multiple
            found["forced_exit"] = ("forced_exit.points", {"times": ("multiple", times)})
        return found

    def multiple(self, mechanism: PointsPool, package: int) -> float:  # noqa: ARG002
        """See :class:`Flags`."""
        return mechanism.exit_multiple or 0.0
