"""The mechanisms a scheme is made of, one module each."""

from model.mechanisms.points_pool import PointsPool, PointsPoolEngine

__all__ = ["PointsPool", "PointsPoolEngine"]
