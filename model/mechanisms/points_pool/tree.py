"""What members of a recruitment tree are paid by a points pool."""

from __future__ import annotations

import numpy as np

from model.arrays import Floats
from model.asked.tree import Members, Trees
from model.mechanisms.points_pool.settings import PointsPool


class PointsTree(Trees[PointsPool]):
    """It depends on the day of joining alone."""

    def paid(self, pool: PointsPool, members: Members) -> dict[str, Floats]:  # noqa: ARG002
        """See :meth:`Trees.paid`."""
        return {"own": of_points(members)}


def of_points(members: Members) -> Floats:
    """What the points pool paid orders of the same tick."""
    points = members.result.points
    if points is None:
        return np.zeros(members.tree.members)
    received = points.cohorts["received"].reindex(np.arange(1, members.ticks + 1), fill_value=0)
    return members.each(received.to_numpy(dtype=float))
