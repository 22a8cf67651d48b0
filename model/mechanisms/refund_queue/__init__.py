"""A refund queue: earlier orders are refunded in turn, out of later ones."""

from model.mechanisms.refund_queue.engine import RefundQueueEngine
from model.mechanisms.refund_queue.settings import RefundQueue

__all__ = ["RefundQueue", "RefundQueueEngine"]
