"""What schemes are compared by, of a dividend pool."""

from __future__ import annotations

from model.arrays import Floats
from model.mechanisms.dividend_pool import DividendPool
from model.result import Result
from view.mechanisms.compare import Compared, forced


class DividendsCompared(Compared):
    """A quota of its own, or one with the points."""

    def complete(self, result: Result, mechanism: DividendPool) -> Floats | None:
        if mechanism in result.scheme.sharing:
            # Either mechanism can be the one that pays what is left of the quota.
            return result.record(mechanism.name).departed + forced(result)
        return super().complete(result, mechanism)
