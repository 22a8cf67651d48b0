"""Every number of a preset: known key, source, unit and quality; no source without a use."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import pytest

from model import load, presets
from model.library import preset
from model.mechanisms.commission import Commission
from model.mechanisms.dividend_pool import DividendPool
from model.mechanisms.refund_queue import RefundQueue
from model.mechanisms.scheduled_release import ScheduledRelease
from model.preset import PRESETS, Preset, sources
from model.scheme import KINDS, Scheme, named_parameters
from tests.test_words import FORBIDDEN_CHINESE, FORBIDDEN_ENGLISH, simplified_left
from view.words.words import traditional

FILES = [PRESETS / f"{name}.toml" for name in presets()]
FILES += sorted((PRESETS / "archive").glob("*.toml"))

Kind = TypeVar("Kind", DividendPool, ScheduledRelease, RefundQueue, Commission)


def document(path: Path) -> dict[str, Any]:
    """The file as it stands, without the model's own reading of it."""
    with path.open("rb") as file:
        return tomllib.load(file)


def only(scheme: Scheme, kind: type[Kind]) -> Kind:
    """The one mechanism of a kind."""
    (found,) = (m for m in scheme.mechanisms if isinstance(m, kind))
    return found


def texts(path: Path) -> list[dict[str, str]]:
    """Every text of a preset: name, summary, facts and notes."""
    found = document(path)
    notes = [item["note"] for item in found["value"] if "note" in item]
    figures = [item[part] for item in found.get("figure", []) for part in ("text", "note")
               if part in item]  # fmt: skip
    turns = [turn["text"] for turn in found.get("turn", [])]
    return [
        found["name"], found["summary"], *(fact["text"] for fact in found.get("fact", [])), *notes,
        *figures, *turns,
    ]  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_number_says_where_it_is_from(path: Path) -> None:
    known = named_parameters(Preset.model_validate(document(path)).parts)
    for item in document(path)["value"]:
        key = item["key"]
        assert key in known
        assert item["unit"] == known[key].unit, key
        assert item["source"] in sources(), key
        assert item["quality"] in {"stated", "derived", "assumed"}, key
        if item["quality"] != "stated":
            assert item["note"]["en"].strip(), key
            assert item["note"]["zh"].strip(), key
        # What no pitch says is assumed, and what is stated has a pitch that states it.
        if item["source"] in {"setting", "model"}:
            assert item["quality"] != "stated", key
        if item["quality"] == "stated":
            assert sources()[item["source"]].kind in {"pitch", "official"}, key


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_texts_are_there_in_both_languages(path: Path) -> None:
    for text in texts(path):
        assert set(text) == {"en", "zh"}
        assert text["en"].strip()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text["zh"])
        english = text["en"]
        if document(path)["kind"] == "real_case":
            # A case goes by the name that the court used.
            english = english.replace(document(path)["name"]["zh"].split("，")[0], "")
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in english)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_texts_judge_nobody(path: Path) -> None:
    assert len(texts(path)) > 3
    for text in texts(path):
        for pattern in FORBIDDEN_ENGLISH:
            assert not re.search(pattern, text["en"], re.IGNORECASE), text["en"]
        assert not re.search(FORBIDDEN_CHINESE, text["zh"]), text["zh"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_texts_are_right_in_traditional_characters(path: Path) -> None:
    for text in texts(path):
        assert simplified_left(traditional(text["zh"])) == set(), text["zh"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_figures_and_facts_name_their_source(path: Path) -> None:
    found = document(path)
    for item in (*found.get("figure", ()), *found.get("fact", ())):
        assert item["source"] in sources()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_name_and_id_agree(path: Path) -> None:
    found = document(path)
    if path.parent.name == "archive":
        assert path.stem == f"{found['id']}.{found['revision']}"
        assert load(f"{found['id']}@{found['revision']}").revision == found["revision"]
    else:
        assert path.stem == found["id"]


def test_every_source_is_used() -> None:
    used: set[str] = set()
    for path in PRESETS.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'^source = "(.*)"', text, re.MULTILINE))
        for several in re.findall(r"^sources = \[(.*)\]", text, re.MULTILINE):
            used |= set(re.findall(r'"(.*?)"', several))
    assert used == set(sources())


@pytest.mark.parametrize("name", presets())
def test_a_presets_family_is_among_its_mechanisms(name: str) -> None:
    found = preset(name)
    assert found.family in {kind for kind, _ in found.parts}
    assert {kind for kind, _ in found.parts} <= set(KINDS)
    assert found.kind in {"advertised", "real_case", "sound"}
    assert (found.start is not None) == bool(found.turn) == (found.kind == "real_case")


# -- the numbers of each scheme ----------------------------------------------------------------

POINTS = {
    "wine-points": (100, 0.3, 21, 0.1, 2.0),
    "thousand-yuan-points": (1000, 0.3, 210, 0.2, 3.0),
    "local-life-points": (1000, 0.16, 112, 0.2, 1.2),
}
OTHERS = {
    "cyclic-purchase": ("dividend_pool",),
    "cyclic-packages": ("dividend_pool",),
    "equity-shop": ("points_pool", "dividend_pool"),
    "green-points": ("scheduled_release",),
    "guild-queue": ("refund_queue",),
    "three-in-one-out": ("refund_queue",),
    "ad-tasks": ("scheduled_release",),
    "lifetime-points": ("dividend_pool", "dividend_pool", "commission"),
    "zero-cost-marketing": ("commission",),
    "case-yunlianhui": ("scheduled_release",),
    "case-wanjia": ("scheduled_release",),
    "case-yuehua": ("scheduled_release",),
    "cash-back-card": ("scheduled_release",),
    "stamp-card": ("scheduled_release",),
    "cooperative-dividend": ("dividend_pool",),
}


def test_the_schemes_and_their_mechanisms() -> None:
    assert {*POINTS, *OTHERS} <= set(presets())
    for name, kinds in OTHERS.items():
        assert tuple(kind for kind, _ in preset(name).parts) == kinds, name
    for name in presets():
        scheme = load(name)
        assert sum(scheme.split().values()) == pytest.approx(1, rel=1e-12)
        assert not scheme.oversubscribed


def test_the_three_advertised_schemes() -> None:
    """As advertised: spend, share, gift in yuan, fee, forced exit, where the rest goes."""
    for name, (spend, share, gift, fee, multiple) in POINTS.items():
        scheme = load(name)
        assert scheme.order.spend == spend
        assert scheme.pool.share == share
        assert scheme.pool.gift * share * spend == pytest.approx(gift, rel=1e-12)
        assert scheme.pool.fee == fee
        assert scheme.pool.exit_multiple == multiple
        assert scheme.pool.launch_price == 1
        assert sum(scheme.split().values()) == pytest.approx(1, rel=1e-12)
        assert not scheme.oversubscribed


@pytest.mark.parametrize(
    ("name", "share", "rank_share", "prices", "units", "quotas"),
    [
        ("cyclic-purchase", 0.1, 0.2, (2000,), (1,), (4000,)),
        ("cyclic-packages", 0.1, 0.1, (2000, 6000, 18000), (1, 1, 9), (6000, 20000, 80000)),
        ("equity-shop", 0.2, 0.1, (2000,), (10,), (4000,)),
    ],
)
def test_the_dividend_schemes(
    name: str,
    share: float,
    rank_share: float,
    prices: tuple[float, ...],
    units: tuple[float, ...],
    quotas: tuple[float, ...],
) -> None:
    """As published: its packages, quota and ranks."""
    scheme = load(name)
    pool = only(scheme, DividendPool)
    assert (pool.share, pool.rank_share) == (share, rank_share)
    assert tuple(price for price, _ in scheme.order.choices) == prices
    assert scheme.units(pool) == pytest.approx(units, rel=1e-12)
    assert scheme.quotas(pool) == pytest.approx(quotas, rel=1e-12)
    assert pool.divided_over == "live"
    assert len(pool.rank_reached) == 10


def test_the_packages_earn_units_on_generations_of_recruits() -> None:
    pool = only(load("cyclic-packages"), DividendPool)
    assert pool.package_generations == (5, 8, 8)
    assert pool.referral_rate == 0.1
    assert only(load("cyclic-purchase"), DividendPool).referral_rate == 0


def test_the_equity_shop_pays_60_percent_of_sales() -> None:
    scheme = load("equity-shop")
    pool = only(scheme, DividendPool)
    # 30 % points pool + 20 % dividends + 10 % rank pots
    shares = (scheme.pool.share, pool.share, pool.rank_share)
    assert shares == (0.3, 0.2, 0.1)
    assert scheme.split()["pool"] == pytest.approx(0.6, rel=1e-12)
    # 600 yuan into the pool for ten units: 60 each, as much as was paid in.
    assert scheme.pool.share * scheme.order.spend == 600
    assert scheme.pool.launch_price * scheme.units(pool)[0] == 600
    assert scheme.pool.gift == 1
    # Dividends and buy-back share a quota of twice the price.
    assert pool.shared_quota == "points_pool"
    assert scheme.pool.exit_multiple == 2
    assert scheme.most_paid == 4000


def test_green_points() -> None:
    """Packages, multiples, 1.2 % a day, 50 and 30 % for recruits, seven stars."""
    scheme = load("green-points")
    release = only(scheme, ScheduledRelease)
    prices = [price for price, _ in scheme.order.choices]
    assert prices == [3000, 9000, 27000, 51000]
    assert release.package_multiples == (3, 3, 3.5, 4)
    assert scheme.credits(release) == (9000, 27000, 94500, 204000)
    assert release.daily_rate == 0.012
    assert release.basis == "price"
    assert (release.first_generation, release.second_generation) == (0.5, 0.3)
    assert release.stars == (
        (50_000, 0.1), (200_000, 0.2), (600_000, 0.26), (2_000_000, 0.32), (6_000_000, 0.38),
        (15_000_000, 0.44), (30_000_000, 0.5),
    )  # fmt: skip


def test_the_queues() -> None:
    """As published: what is paid back, and in which order."""
    guild = load("guild-queue")
    queue = only(guild, RefundQueue)
    assert guild.order.spend == 100
    assert (queue.refund, queue.lock, queue.rule, queue.advance) == (1, 15, "pool", 0.2)
    three = load("three-in-one-out")
    queue = only(three, RefundQueue)
    assert (queue.threshold, queue.newcomers, queue.refund) == (1000, 3, 0.7)
    assert queue.rule == "shared"
    assert three.order.spend >= queue.threshold
    assert three.most_paid == 700


def test_ad_tasks() -> None:
    """2, 20, 40 and 50 yuan; nothing is stated from 201 to 1000 points."""
    release = only(load("ad-tasks"), ScheduledRelease)
    assert release.rewards == ((0, 2), (1001, 20), (2001, 40), (4001, 50))
    assert release.ad_share == 1 / 4  # one of four kinds of task has an outside payer
    note = preset("ad-tasks").origin("scheduled_release.rewards")
    assert note is not None
    assert note.note is not None
    assert "201 to 1000" in note.note.en


def test_commissions_of_local_life() -> None:
    """0.3, 0.2 and 0.5 %, agents 0.1, 0.2 and 0.3 % as differences, within 2 %."""
    scheme = load("local-life-points")
    found = only(scheme, Commission)
    assert (found.direct, found.indirect, found.merchant) == (0.003, 0.002, 0.005)
    assert (found.district, found.city, found.province) == (0.001, 0.002, 0.003)
    prices = (found.district_price, found.city_price, found.province_price)
    assert prices == (20_000, 100_000, 1_000_000)
    assert found.rate == pytest.approx(0.013, rel=1e-12)  # 0.3 + 0.2 + 0.5 + 0.3 %
    assert found.rate < scheme.order.parts.distribution == 0.02


def test_zero_cost_marketing() -> None:
    """1000 spent, 2000 points, 2000 cash, 20 % of it to the shop."""
    scheme = load("zero-cost-marketing")
    found = only(scheme, Commission)
    assert scheme.order.spend == 1000
    assert scheme.order.parts.merchant == 0.8
    assert (found.circle_points, found.circle_cash, found.circle_shop) == (2, 1, 0.2)
    assert 0.1 <= found.circle_goods <= 0.3
    assert found.rate == 0


def test_lifetime_points() -> None:
    """From 5000 points, more shares at 15, 30, 60 and 120 thousand, for life."""
    scheme = load("lifetime-points")
    weekly = scheme.mechanism("dividend_pool")
    quarterly = scheme.mechanism("quarterly_pool")
    assert isinstance(weekly, DividendPool)
    assert isinstance(quarterly, DividendPool)
    assert [points for points, _ in weekly.levels] == [5000, 15_000, 30_000, 60_000, 120_000]
    shares = [units for _, units in weekly.levels]
    added = [after - before for before, after in pairwise(shares)]
    assert added == [1000, 1000, 2000, 5000]
    assert scheme.units(weekly) == (0, *shares)
    assert scheme.units(quarterly) == (0, 0, 0, 0, 0, 1)
    for pool in (weekly, quarterly):
        assert pool.quota_multiple is None
        assert scheme.quotas(pool) is None
    assert scheme.most_paid is None
    assert (weekly.interval, quarterly.interval) == (7, 90)
    commission = only(scheme, Commission)
    assert (commission.direct, commission.indirect, commission.merchant) == (0.1, 0, 0.03)
    assert commission.rate == pytest.approx(scheme.order.parts.distribution, rel=1e-12)


#: Figures of the pitches that are no setting: (preset, text, whether the pitch contradicts itself).
FACTS = [
    ("cyclic-purchase", "pays 200 yuan a day", False),
    ("cyclic-purchase", "from 2000 to 1800 yuan of quota, a holder of two units to 1600", False),
    ("cyclic-purchase", "a unit is paid 100 yuan", False),
    ("cyclic-purchase", "one time the price in the worked example", True),
    ("cyclic-purchase", "3 and 15%", False),
    ("cyclic-purchase", "called 10,000 each; a tenth is 20,000", True),
    ("cyclic-purchase", "6 billion units are to be issued in one place, 10 billion", True),
    ("cyclic-purchase", "earned by promotion", True),
    ("cyclic-purchase", "over units with quota left in another", True),
    ("cyclic-purchase", "elsewhere also from recruiting", True),
    ("cyclic-packages", "three in another public version", True),
    ("cyclic-packages", "generations 1 to 5 of recruits, of the other packages on 1 to 8", False),
    ("cyclic-packages", "5 to 10% of sales", True),
    ("equity-shop", "10 units in one place, 20 in another and 1 in a third", True),
    ("equity-shop", "(1% each), once 20%", True),
    ("equity-shop", "30% of the profit", True),
    ("equity-shop", "60% of sales in all", False),
    ("equity-shop", "constant price of 60", False),
    ("green-points", "2.5 times the price, the worked example 3 times", True),
    ("green-points", "9000 points and to release 36 yuan a day", False),
    ("green-points", "27,000 points and to release 108 a day", False),
    ("green-points", "144 a day, and 108 once the first is used up, after 250 days", False),
    ("green-points", "36 yuan bring 18 extra", False),
    ("green-points", "C 1000, B 3400 (4400 less 1000) and A 600 (5000 less 4400)", False),
    ("green-points", "what is released that day", True),
    ("guild-queue", "110 in another", True),
    ("guild-queue", "X is not stated", False),
    ("guild-queue", "20 are paid now, and 80 are left", False),
    ("three-in-one-out", "900 or 600 do not", False),
    ("three-in-one-out", "order 3k + 1", False),
    ("three-in-one-out", "23.3% of sales", False),
    ("three-in-one-out", "all but the last three", False),
    ("ad-tasks", "0 to 200 2 yuan, 1001 to 2000 20, 2001 to 4000 40, over 4000 50", False),
    ("ad-tasks", "a reward per task and a daily maximum", True),
    ("lifetime-points", "in another place from 3000", True),
    ("lifetime-points", "100%, in the mall 80 to 90%, in shops 3 to 30%", False),
    ("lifetime-points", "5000 and 500,000 yuan", False),
    ("lifetime-points", "30% of the tips", False),
    ("lifetime-points", "5% of the quarterly income", False),
    ("lifetime-points", "300 yuan a month and 2000 a quarter", False),
    ("lifetime-points", "16.7 months", False),
    ("lifetime-points", "ten or twenty times", False),
    ("local-life-points", "1% and 0.5% in the examples", True),
    ("local-life-points", "26.6 of 1000 yuan, and the budget for distribution is 20", True),
    ("local-life-points", "0.1, 0.05 and 0.01% in the example", True),
    ("local-life-points", "20,000 to 50,000 yuan, a city for 100,000 to 300,000", False),
    ("local-life-points", "several provinces for 3 to 10 million", False),
    ("local-life-points", "250,000 yuan a month", False),
    ("local-life-points", "1.03 million", False),
    ("local-life-points", "90,000 and 415,000", False),
    ("local-life-points", "a province agent 5.46 million with 21 cities", False),
    ("local-life-points", "11 are listed", True),
    ("local-life-points", "54.6 million users", False),
    ("zero-cost-marketing", "400: 1200 in all", False),
    ("zero-cost-marketing", "10 to 30% of their list price", False),
]


@pytest.mark.parametrize(("name", "text", "contradiction"), FACTS)
def test_facts_of_the_pitches(name: str, text: str, contradiction: bool) -> None:
    (found,) = (fact for fact in preset(name).fact if text in fact.text.en)
    assert found.contradiction == contradiction


# -- revisions, assumptions, moving a share ------------------------------------------------------


def test_an_old_revision_keeps_its_numbers() -> None:
    """Revision 1 of local-life-points had no commissions; its points pool is the same."""
    old, new = load("local-life-points@1"), load("local-life-points")
    assert (old.revision, new.revision) == (1, 2)
    assert [m.kind for m in old.mechanisms] == ["points_pool"]
    assert [m.kind for m in new.mechanisms] == ["points_pool", "commission"]
    assert old.pool == new.pool
    assert old.order == new.order
    assert old.demand == new.demand


#: What no pitch says and a run needs, beside orders a day and how long is shown.
ASSUMED = {
    "wine-points": {"points_pool.exit_multiple"},
    "thousand-yuan-points": set(),
    "local-life-points": {
        "commission.districts", "commission.cities", "commission.provinces", "commission.bonuses",
    },
    "cyclic-purchase": {"dividend_pool.rank_reached"},
    "cyclic-packages": {
        "order.packages", "dividend_pool.share", "dividend_pool.rank_share",
        "dividend_pool.rank_reached",
    },
    "equity-shop": {
        "points_pool.fee", "dividend_pool.shared_quota", "dividend_pool.rank_reached",
    },
    "green-points": {"order.packages", "scheduled_release.share", "platform.policy"},
    "guild-queue": {"refund_queue.share", "refund_queue.advance_payer"},
    "three-in-one-out": {
        "refund_queue.share", "refund_queue.refund", "refund_queue.rule", "refund_queue.lock",
        "platform.policy",
    },
    "ad-tasks": {
        "order.spend", "scheduled_release.share", "scheduled_release.gift_multiple",
        "scheduled_release.tasks", "scheduled_release.ad_share", "scheduled_release.ad_income",
        "platform.policy",
    },
    "lifetime-points": {
        "order.packages", "order.parts.platform", "order.rest", "dividend_pool.share",
        "dividend_pool.levels", "dividend_pool.points_rate", "quarterly_pool.share",
        "quarterly_pool.levels", "quarterly_pool.points_rate", "commission.indirect",
        "commission.prizes",
    },
    "zero-cost-marketing": {
        "order.rest", "commission.direct", "commission.indirect", "commission.merchant",
        "commission.circle", "commission.circle_goods",
    },
    "case-yunlianhui": {"platform.policy", "demand.kind", "demand.growth"},
    "case-wanjia": {"demand.kind", "demand.growth", "demand.population"},
    "case-yuehua": {
        "scheduled_release.share", "scheduled_release.daily_rate", "scheduled_release.basis",
        "demand.kind", "demand.growth",
    },
    # Examples of our own: nothing in them is anybody's.
    "cash-back-card": {
        "order.spend", "order.parts.goods", "order.goods_value", "order.rest",
        "scheduled_release.share", "scheduled_release.gift_multiple",
        "scheduled_release.daily_rate",
    },
    "stamp-card": {
        "order.spend", "order.parts.goods", "order.goods_value", "order.rest",
        "scheduled_release.share", "scheduled_release.gift_multiple",
        "scheduled_release.daily_rate",
    },
    "cooperative-dividend": {
        "order.spend", "order.parts.goods", "order.goods_value", "order.rest",
        "dividend_pool.share", "dividend_pool.quota_multiple", "dividend_pool.spend_per_unit",
        "dividend_pool.interval",
    },
}  # fmt: skip


def test_what_is_assumed_is_marked() -> None:
    origin = preset("wine-points").origin("points_pool.exit_multiple")
    assert origin is not None
    assert origin.quality == "assumed"
    for name in presets():
        for key in ("demand.orders_per_tick", "horizon"):
            origin = preset(name).origin(key)
            assert origin is not None
            assert origin.quality == "assumed"
            assert origin.note is not None
    for name, keys in ASSUMED.items():
        assumed = {item.key for item in preset(name).value if item.quality == "assumed"}
        assert assumed == {*keys, "demand.orders_per_tick", "horizon"}, name


def test_the_documentation_names_what_is_assumed() -> None:
    text = (PRESETS.parent / "docs" / "assumptions.md").read_text("utf-8")
    for name, keys in ASSUMED.items():
        assert f"`{name}`" in text, name
        for key in keys:
            assert f"`{key}`" in text, key


SHARES = [
    (name, f"{part}.share") for name in presets() for kind, part in preset(name).parts
    if kind != "commission"
]  # fmt: skip


@pytest.mark.parametrize(("name", "key"), SHARES)
def test_moving_a_share_never_spends_more_than_the_price(name: str, key: str) -> None:
    scheme = load(name)
    others = sum(m.taken for m in scheme.mechanisms) - scheme.get(key)
    for share in (0.001, 0.1, 0.5, 0.9, 1.0):
        if share + others > 1:
            continue
        split = load(name, set={key: share}).split()
        assert sum(split.values()) == pytest.approx(1, rel=1e-12)
        assert split["pool"] == (pytest.approx(share + others, rel=1e-12) if others else share)
        assert all(part >= 0 for part in split.values())
