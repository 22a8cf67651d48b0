"""What commissions say of whose money it was."""

from __future__ import annotations

from model.result import Result
from view.mechanisms.whose import Whose
from view.words.format import yuan_short
from view.words.words import Words


class CommissionWhose(Whose):
    """Commissions are paid for bringing others, and not for having bought."""

    def uncounted(self, result: Result, w: Words) -> list[str]:
        commission = result.engines.commission
        if commission is None:
            return []
        lines = [w("whose.no_commission")] if commission.settings.rate > 0 else []
        cash = float(commission.circle()["cash"].sum())
        if cash > 0:
            lines.append(w("whose.points_shop", cash=yuan_short(cash, w.lang)))
        return lines
