"""What a points pool says of how its money spreads over people."""

from __future__ import annotations

from model.mechanisms.points_pool import PointsPool
from model.scheme import Scheme
from view.mechanisms.people import People
from view.words.words import Words


class PointsPeople(People):
    """Those of a day are paid alike, unless dividends use up the same quota."""

    def how(self, mechanism: PointsPool, scheme: Scheme, w: Words) -> list[str]:
        return [] if scheme.sharing else [w("people.how.day")]
