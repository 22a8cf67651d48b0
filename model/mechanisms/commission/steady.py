"""What commissions leave the platform's account at steady sales."""

from __future__ import annotations

from model.asked.steady import Steady
from model.mechanisms.commission.settings import Commission


class SteadyCommission(Steady[Commission]):
    """Territories are sold, and commissions and prizes paid, whatever else is looked at."""

    everywhere = True

    def account(self, mechanism: Commission, part: float, *, distribution: float) -> float:
        """See :meth:`Steady.account`."""
        commission = mechanism
        cash = commission.circle * commission.circle_points * commission.circle_cash
        listed = commission.circle * commission.circle_points * (1 + commission.circle_cash)
        part += cash * (1 - commission.circle_shop) - commission.circle_goods * listed
        return part - (max(commission.rate - distribution, 0.0) + commission.prizes)

    def capital(self, mechanism: Commission, yuan: float) -> float:
        """See :meth:`Steady.capital`."""
        yuan += mechanism.districts * mechanism.district_price
        yuan += mechanism.cities * mechanism.city_price
        return yuan + mechanism.provinces * mechanism.province_price

    def times(self, mechanism: Commission, scale: float) -> Commission:
        """See :meth:`Steady.times`."""
        prices = ("district_price", "city_price", "province_price")
        return mechanism.model_copy(
            update={name: getattr(mechanism, name) * scale for name in prices}
        )
