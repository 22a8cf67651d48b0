"""What commissions leave the platform's account at steady sales."""

from __future__ import annotations

from model.asked.steady import Steady
from model.mechanisms.commission.settings import Commission


class SteadyCommission(Steady[Commission]):
    """Territories are sold, and commissions and prizes paid, whatever else is looked at."""

    everywhere = True

    def account(self, commission: Commission, part: float, *, distribution: float) -> float:
        """See :meth:`Steady.account`."""
        cash = commission.circle * commission.circle_points * commission.circle_cash
        listed = commission.circle * commission.circle_points * (1 + commission.circle_cash)
        part += cash * (1 - commission.circle_shop) - commission.circle_goods * listed
        return part - (max(commission.rate - distribution, 0.0) + commission.prizes)

    def capital(self, commission: Commission, yuan: float) -> float:
        """See :meth:`Steady.capital`."""
        yuan += commission.districts * commission.district_price
        yuan += commission.cities * commission.city_price
        return yuan + commission.provinces * commission.province_price

    def times(self, commission: Commission, scale: float) -> Commission:
        """See :meth:`Steady.times`."""
        prices = ("district_price", "city_price", "province_price")
        return commission.model_copy(
            update={name: getattr(commission, name) * scale for name in prices}
        )
