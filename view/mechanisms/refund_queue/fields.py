"""The settings of a refund queue."""

from typing import Final

from view.mechanisms.face import Fields, Group

FIELDS: Final = Fields(
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
)
