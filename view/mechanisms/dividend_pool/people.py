"""What a dividend pool says of how its money spreads over people."""

from __future__ import annotations

from model.mechanisms.dividend_pool import DividendPool
from model.scheme import Scheme
from view.mechanisms.people import People
from view.words.words import Words


class DividendsPeople(People):
    """Ranks are reached by those who brought most."""

    def ranks(self, mechanism: DividendPool) -> bool:
        return mechanism.rank_share > 0

    def how(self, mechanism: DividendPool, scheme: Scheme, w: Words) -> list[str]:
        said = [w("people.how.ranks")] if mechanism.rank_share > 0 else []
        return said + ([w("people.how.shared")] if mechanism in scheme.sharing else [])
