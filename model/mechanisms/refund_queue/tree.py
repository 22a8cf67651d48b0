"""What members of a recruitment tree are refunded."""

from __future__ import annotations

import numpy as np

from model.arrays import Floats
from model.asked.tree import Members, Trees
from model.mechanisms.refund_queue.settings import RefundQueue


class QueueTree(Trees[RefundQueue]):
    """It depends on the day of joining alone, but for what is paid ahead to whoever brought."""

    def matters(self, queue: RefundQueue) -> bool:
        """See :meth:`Trees.matters`."""
        return queue.advance > 0

    def paid(self, queue: RefundQueue, members: Members) -> dict[str, Floats]:
        """What the run refunded to orders of the same tick; ahead of it, to whoever brought."""
        record, tree = members.result.record(queue.name), members.tree
        ticks = members.ticks
        if not queue.advance:
            return {"own": members.each(record.received)}
        last = np.where(record.exit_tick > 0, record.exit_tick, ticks)[members.cohort]
        last = np.minimum(last, members.until)
        brought = tree.recruiter >= 0
        recruiter = np.maximum(tree.recruiter, 0)
        counts = brought & (tree.joined <= last[recruiter]) & (tree.joined > tree.joined[recruiter])
        ahead = sum((f.amount for f in record.flows if f.reason == "advance"), np.zeros(ticks))
        of_tick = np.bincount(members.cohort, weights=counts, minlength=ticks)
        each = np.divide(ahead / members.weight, of_tick, out=np.zeros(ticks), where=of_tick > 0)
        got = np.bincount(
            recruiter, weights=each[members.cohort] * counts, minlength=tree.members
        ).astype(float)
        most = queue.refund * members.paid
        got = np.minimum(got, most)
        return {"own": members.each(record.departed) * (most - got), "recruits": got}
