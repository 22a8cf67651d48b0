"""The settings of a refund queue."""

from typing import Final

from model.mechanisms.refund_queue import RefundQueue
from model.scheme import Scheme
from view.mechanisms.face import Ask, Fields, Group, always


def _fixed(_: Scheme, queue: RefundQueue) -> bool:
    return queue.rule != "pool"


def _promises(scheme: Scheme, queue: RefundQueue) -> bool:
    """Whether the orders' part of the money may not be enough for the refunds that are due."""
    turns = queue.newcomers if queue.rule == "shared" else 1
    return _fixed(scheme, queue) and queue.refund / turns > queue.share * (1 + 1e-9)


def _account(scheme: Scheme, queue: RefundQueue) -> bool:
    """Whether anything is paid out of the platform's own account."""
    ahead = queue.advance > 0 and queue.advance_payer == "platform"
    return ahead or _promises(scheme, queue)


FIELDS: Final = Fields(
    title="rules.kind.refund_queue",
    help="rules.kind.refund_queue.help",
    weight=("share", "refund", "newcomers", "lock"),
    alone=lambda queue: (
        "share",
        "refund",
        "lock" if queue.rule == "pool" else "newcomers",
        "rule",
    ),
    groups=(
        Group(
            "money.group.refund_queue",
            (
                "share",
                "refund",
                "rule",
                "newcomers",
                "lock",
                "threshold",
                "advance",
                "advance_payer",
            ),
        ),
    ),
    main=("refund", "rule", "newcomers", "lock"),
    more=("threshold", "advance", "advance_payer"),
    choices={"rule": ("pool", "shared", "own"), "advance_payer": ("pool", "platform")},
    stops={
        "refund": tuple(round(0.1 * k, 1) for k in range(1, 21)),
        "lock": (0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90),
        "newcomers": tuple(range(1, 11)),
    },
    meant={
        "newcomers": lambda _, queue: queue.rule != "pool",
        "advance_payer": lambda _, queue: queue.advance > 0,
    },
    beside={
        "behaviour.sell_share": always,
        "platform.policy": _promises,
        "order.parts.platform": _account,
        "platform.capital": _account,
    },
    fixed=_fixed,
    packages=False,
    series={"points": ("refunds", "yuan"), "price": ("part_paid", "share of what was due")},
    ask=Ask("ask.line", 3, lambda _, before: before is None),
    limit="refund",
    before_fee=True,
)
