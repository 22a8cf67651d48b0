"""What commissions say of how its money spreads over people."""

from __future__ import annotations

from model.mechanisms.commission import Commission
from model.scheme import Scheme
from view.mechanisms.people import People
from view.words.words import Words


class CommissionPeople(People):
    """Who brought whom is what they are paid for."""

    def how(self, mechanism: Commission, scheme: Scheme, w: Words) -> list[str]:
        return [w("people.how.commission")]
