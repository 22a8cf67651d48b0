"""What an order is paid by a refund queue, as the line grows."""

from __future__ import annotations

from math import exp, expm1, inf, log

from model.asked.course import Buyer, Course, Courses, first_reaching
from model.crowd import FARTHEST
from model.mechanisms.refund_queue.settings import RefundQueue


class QueueCourse(Courses[RefundQueue]):
    """All or nothing at one's turn.

    "pool": r/K = a, so K = r / a. With advances on recruits everybody in line is paid ahead, which
    leaves less for the one in front: (r - A ln K) / K = a - A (1 - 1/K). "shared": K = newcomers;
    "own": 1, that many orders and no more. Where share and platform's part do not cover what these
    turns cost, r / (what there is) as if it went to the oldest.
    """

    def course(self, queue: RefundQueue, buyer: Buyer) -> Course:
        """See :meth:`Courses.course`."""
        if buyer.scheme.order.mean_spend < queue.threshold:
            return Course(paid=lambda _: 0.0, done=inf)
        refund, share = queue.refund, queue.share
        if queue.rule == "pool":
            ahead = queue.advance
            from_pool = ahead if queue.advance_payer == "pool" else 0.0
            if from_pool == 0.0 and ahead > 0:
                ahead = min(ahead, buyer.account)  # as far as the account reaches
            done = first_reaching(
                lambda x: (
                    (share - from_pool * -expm1(-x) - max(refund - ahead * x, 0.0) * exp(-x)) + 1.0
                ),
                1.0,
            )
            if share < from_pool * -expm1(-done):
                # Advances take it all and are cut: what there is is divided over those in line.
                done = _turn_by_advances(refund, share) if buyer.recruits else inf
        else:
            turn = log(queue.newcomers) if queue.rule == "shared" else 0.0
            there = share + buyer.account
            done = max(turn, log(refund / there)) if there > 0 else inf
        return Course(paid=lambda x: refund if x >= done else 0.0, done=done)


def _turn_by_advances(refund: float, share: float) -> float:
    """The x = r (1 - e^-x) / a of money divided over all who wait, as of dividends."""
    if share >= refund:
        return 0.0
    x = FARTHEST
    for _ in range(2000):
        after = refund * -expm1(-x) / share
        if abs(after - x) <= 1e-12 * x:
            break
        x = after
    return x
