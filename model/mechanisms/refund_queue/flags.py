"""Red flags of a refund queue."""

from __future__ import annotations

from model.asked.flags import Flags, Reason
from model.mechanisms.refund_queue.settings import RefundQueue
from model.scheme import Scheme


class RefundQueueFlags(Flags[RefundQueue]):
    """A refund may wait for one's own newcomers, or be paid ahead for a recruit."""

    def raised(self, mechanism: RefundQueue, scheme: Scheme, package: int) -> dict[str, Reason]:  # noqa: ARG002
        """See :class:`Flags`."""
        if mechanism.rule == "own":
            newcomers = float(mechanism.newcomers)
            return {"recruits": ("recruits.own", {"newcomers": ("count", newcomers)})}
        if mechanism.advance > 0:
            return {"recruits": ("recruits.advance", {"share": ("share", mechanism.advance)})}
        return {}

    def multiple(self, mechanism: RefundQueue, package: int) -> float:  # noqa: ARG002
        """See :class:`Flags`."""
        return mechanism.refund
