"""Dividends: a share of each day's sales is divided over the units that are still to be paid."""

from model.mechanisms.dividend_pool.engine import DividendPoolEngine
from model.mechanisms.dividend_pool.settings import DividendPool

__all__ = ["DividendPool", "DividendPoolEngine"]
