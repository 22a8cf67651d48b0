"""What schemes are compared by, of a points pool."""

from __future__ import annotations

from model.arrays import Floats
from model.mechanisms.points_pool import PointsPool
from model.result import Result
from view.mechanisms.compare import Compared, forced


class PointsCompared(Compared):
    """All that is promised is paid by a forced exit."""

    def complete(self, result: Result, mechanism: PointsPool) -> Floats | None:
        return None if result.scheme.sharing else forced(result)
