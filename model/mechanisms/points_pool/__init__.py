"""A points pool: part of every order goes in, points come out, and the price only rises."""

from model.mechanisms.points_pool.engine import PointsPoolEngine
from model.mechanisms.points_pool.settings import PointsPool

__all__ = ["PointsPool", "PointsPoolEngine"]
