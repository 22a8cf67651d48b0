"""The settings of commissions: recruiting, territories, agents' circles."""

from typing import Final

from model.mechanisms.commission import Commission
from model.scheme import Scheme
from view.mechanisms.commission.territories import territories
from view.mechanisms.face import Ask, Fields, Group, always


def _overspends(scheme: Scheme, paid: Commission) -> bool:
    """Whether recruiting is paid more than its own part of the price and the platform's."""
    split, c = scheme.split(), paid
    needs = max(c.rate - split.get("distribution", 0.0), 0.0) + c.prizes
    left = c.circle_cash * (1 - c.circle_shop) - c.circle_goods * (1 + c.circle_cash)
    return needs > split.get("platform", 0.0) + c.circle * c.circle_points * left + 1e-9


FIELDS: Final = Fields(
    title="rules.kind.commission",
    help="rules.kind.commission.help",
    takes=(),
    weight=("direct", "indirect"),
    alone=lambda paid: (
        ("circle_points", "circle_cash", "circle_shop", "circle_goods")
        if paid.circle > 0
        else ("direct", "indirect", "merchant", "order.parts.distribution")
    ),
    groups=(
        Group(
            "money.group.recruiting",
            (
                "direct",
                "indirect",
                "merchant",
                "bonuses",
                "prizes",
                "order.parts.distribution",
            ),
            "people",
        ),
        Group(
            "money.group.territories",
            (
                "district",
                "districts",
                "district_price",
                "city",
                "cities",
                "city_price",
                "province",
                "provinces",
                "province_price",
            ),
            "people",
        ),
        Group(
            "money.group.circle",
            (
                "circle",
                "circle_points",
                "circle_cash",
                "circle_shop",
                "circle_goods",
            ),
            "people",
        ),
    ),
    main=("direct", "indirect", "merchant", "bonuses"),
    more=(
        "districts",
        "district",
        "district_price",
        "cities",
        "city",
        "city_price",
        "provinces",
        "province",
        "province_price",
        "prizes",
        "circle",
        "circle_points",
        "circle_cash",
        "circle_shop",
        "circle_goods",
    ),
    stops={
        "circle_points": tuple(round(0.1 * k, 1) for k in range(51)),
        "circle_cash": tuple(round(0.1 * k, 1) for k in range(51)),
    },
    meant={
        "district": lambda _, paid: paid.districts > 0,
        "city": lambda _, paid: paid.cities > 0,
        "province": lambda _, paid: paid.provinces > 0,
        "district_price": lambda _, paid: paid.districts > 0,
        "city_price": lambda _, paid: paid.cities > 0,
        "province_price": lambda _, paid: paid.provinces > 0,
        **{
            f"circle_{name}": lambda _, paid: paid.circle > 0
            for name in ("points", "cash", "shop", "goods")
        },
    },
    works={
        f"circle_{name}": lambda _, paid: paid.circle_points > 0
        for name in ("cash", "shop", "goods")
    },
    beside={
        "order.parts.distribution": always,
        "order.parts.platform": _overspends,
        "platform.capital": _overspends,
    },
    ask=Ask("ask.territory", 5, lambda paid, _: bool(territories(paid))),
    recruiting=lambda paid: paid.rate,
)
