"""Commissions: a part of each order goes at once to those who brought the buyer."""

from model.mechanisms.commission.engine import CommissionEngine
from model.mechanisms.commission.settings import Commission

__all__ = ["Commission", "CommissionEngine"]
