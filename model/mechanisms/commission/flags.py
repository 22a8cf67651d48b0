"""Red flags of commissions."""

from __future__ import annotations

from model.asked.flags import HAIR, Flags, Reason
from model.mechanisms.commission.settings import Commission
from model.scheme import Scheme


class CommissionFlags(Flags[Commission]):
    """Recruiters are paid, territories are sold, and a points shop may sell dearer goods."""

    def raised(self, mechanism: Commission, scheme: Scheme, package: int) -> dict[str, Reason]:
        """See :class:`Flags`."""
        found: dict[str, Reason] = {}
        if mechanism.direct + mechanism.indirect > 0:
            rate, spend = mechanism.direct or mechanism.indirect, scheme.order.choices[package][0]
            found["recruits"] = (
                "recruits.commission",
                {"spend": ("yuan", spend), "pay": ("yuan", rate * spend)},
            )
        for sold, price in (
            (mechanism.districts, mechanism.district_price),
            (mechanism.cities, mechanism.city_price),
            (mechanism.provinces, mechanism.province_price),
        ):
            if sold > 0 and price > 0:
                found["territory"] = ("territory", {"price": ("yuan", price)})
                break
        if mechanism.circle > 0:
            # Goods of the points shop: what they are listed at, and what the supplier is paid.
            points = mechanism.circle_points * scheme.order.spend
            cash = points * mechanism.circle_cash
            listed = points * (1 + mechanism.circle_cash)
            supplied = mechanism.circle_goods * listed
            if supplied < cash * (1 - HAIR):
                found["dearer"] = (
                    "dearer.circle",
                    {
                        "listed": ("yuan", listed),
                        "cash": ("yuan", cash),
                        "goods": ("yuan", supplied),
                    },
                )
        return found
