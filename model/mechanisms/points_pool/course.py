"""What an order is paid by a points pool by itself, as the line grows."""

from __future__ import annotations

from math import exp, inf, isfinite, log

from model.asked.course import Buyer, Course, Courses
from model.crowd import crowd_factor, value_factor
from model.mechanisms.points_pool.settings import PointsPool


class PointsCourse(Courses[PointsPool]):
    """The price of a point grows like N^slope (model.crowd)."""

    def course(self, pool: PointsPool, buyer: Buyer) -> Course:  # noqa: ARG002
        """See :meth:`Courses.course`."""
        net, multiple = 1 - pool.fee, pool.exit_multiple
        start, slope, done = pool.share * pool.gift, 1 - pool.gift, None
        if multiple is not None:
            factor = crowd_factor(multiple, pool=pool, forced_exits=True)
            done = log(factor) if isfinite(factor) else inf
            if 0 < done < inf:
                slope = log(value_factor(multiple, pool=pool)) / done

        def paid(x: float) -> float:
            if done is not None and multiple is not None and x >= done:
                return net * multiple
            return net * start * exp(slope * x)

        return Course(paid=paid, done=done)
