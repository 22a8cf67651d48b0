"""The recruitment tree: worked examples, a slow reference, and what must hold for any tree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import recruitment
from model.recruitment import Spread, Tree, build, play
from tests.model import agree, slow_tree

#: Team sales and rates of the pitch.
STARS = (
    (50_000.0, 0.10),
    (200_000.0, 0.20),
    (600_000.0, 0.26),
    (2_000_000.0, 0.32),
    (6_000_000.0, 0.38),
    (15_000_000.0, 0.44),
    (30_000_000.0, 0.50),
)


def tree(*recruiter: int, joined: list[int] | None = None) -> Tree:
    """A tree by hand; everybody joins on the first tick unless told otherwise."""
    return Tree(
        recruiter=np.array(recruiter),
        joined=np.array(joined or [1] * len(recruiter)),
    )


def paid(found: Spread) -> list[list[float]]:
    """What each member got: base, accelerated, stars."""
    return np.stack([found.base, found.accelerated, found.stars]).T.tolist()


def growing(members: int, *, ticks: int, growth: float) -> np.ndarray:
    """Members who join on each tick, so many in all."""
    weight = np.exp(growth * np.arange(ticks))
    until = np.floor(np.cumsum(weight) / weight.sum() * members + 1e-6)
    return np.diff(until, prepend=0).astype(np.int64)


# -- worked examples ---------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 7, 32, 400])
def test_one_order_of_three_thousand(steps: int) -> None:
    # 3 x 3000 = 9000 points, 1.2 % x 3000 = 36 a day from the day after: 9000 / 36 = 250 days.
    one = {"price": [3000], "credit": [9000], "daily": [36], "steps": steps}
    for ticks, received in ((1, 0), (2, 36), (11, 360), (250, 8964), (251, 9000), (400, 9000)):
        found = play(tree(-1), ticks=ticks, **one)
        assert found.received.tolist() == pytest.approx([received])
        assert found.paid_back() == (received >= 3000)


def test_two_orders_release_side_by_side() -> None:
    # 36 + 108 = 144 a day while both run; the order of 9000 alone runs as long as that of 3000,
    # 27000 / 108 = 250 days.
    found = play(tree(-1), price=[12_000], credit=[36_000], daily=[36 + 108], ticks=2)
    assert found.received.tolist() == [144]
    found = play(tree(-1), price=[12_000], credit=[36_000], daily=[36 + 108], ticks=251)
    assert found.received.tolist() == pytest.approx([36_000])


def test_recruits_make_it_faster() -> None:
    # C releases 36: its recruiter B gets 50 % = 18, B's recruiter A gets 30 % = 10.8.
    # B releases 36: A gets 18 for that. A's own order of 9000 releases 108.
    line = tree(-1, 0, 1)
    asked: dict[str, Any] = {
        "price": [9000, 3000, 3000], "credit": [27_000, 9000, 9000], "daily": [108, 36, 36],
    }  # fmt: skip
    expected = [[108, 18 + 10.8, 0], [36, 18, 0], [36, 0, 0]]
    for row, wanted in zip(paid(play(line, ticks=2, **asked)), expected, strict=True):
        assert row == pytest.approx(wanted)
    # B's credit of 9000 is used up after 9000 / 54 = 166 2/3 days: 6000 base, 3000 accelerated.
    # A then has 108 + 28.8 = 136.8 a day for 166 2/3 days, and 108 + 10.8 = 118.8 until C ends.
    found = play(line, ticks=251, steps=250, **asked)
    assert paid(found)[1] == pytest.approx([6000, 3000, 0])
    assert paid(found)[2] == pytest.approx([9000, 0, 0])
    # 0.5 x 6000 + 0.3 x 9000 = 5700 faster; 27000 - 5700 = 21300 base, in less than 250 days,
    # so C's last days bring nothing: 166 2/3 x 136.8 = 22800, the other 4200 take 35.4 days more.
    assert found.received[0] == pytest.approx(27_000)
    assert found.base[0] == pytest.approx(108 * (500 / 3 + 4200 / 118.8), rel=1e-3)


def test_credit_that_does_not_suffice_is_cut_in_proportion() -> None:
    # B would get 36 + 18 = 54 and has 27 left: 18 and 9. Its recruiter A gets half of the 18 and
    # 30 % of C's 36.
    asked: dict[str, Any] = {"price": [1, 1, 1], "credit": [900, 27, 900], "daily": [0, 36, 36]}
    expected = [[0, 9 + 10.8, 0], [18, 9, 0], [36, 0, 0]]
    for row, wanted in zip(paid(play(tree(-1, 0, 1), ticks=2, **asked)), expected, strict=True):
        assert row == pytest.approx(wanted)
    # On the next day B has nothing left, so A gets C's 10.8 only.
    found = play(tree(-1, 0, 1), ticks=3, steps=3, **asked)
    assert paid(found)[0] == pytest.approx([0, 9 + 10.8 + 10.8, 0])
    assert paid(found)[1] == pytest.approx([18, 9, 0])


def test_stars_are_paid_as_differences() -> None:
    # A above B above C above a team that releases 10000 a day. Team sales, without one's own order:
    # C 100000 (one star, 10 %), B 15.1 million (six, 44 %), A 30.1 million (seven, 50 %).
    # C 10 % = 1000, B 4400 - 1000 = 3400, A 5000 - 4400 = 600.
    found = play(
        tree(-1, 0, 1, 2),
        price=[0, 15e6, 15e6, 1e5],
        credit=[1e6, 1e6, 1e6, 1e6],
        daily=[0, 0, 0, 10_000],
        acceleration=(),
        stars=STARS,
        ticks=2,
    )
    assert found.stars.tolist() == pytest.approx([600, 3400, 1000, 0])
    assert found.stars.sum() == pytest.approx(0.5 * 10_000)


def test_nobody_is_paid_stars_on_the_own_order() -> None:
    # B releases 100 and has a team with 10 %: that is for A, who has 20 % on B and the difference
    # of 10 % on C. A's own 1000 count for nobody.
    found = play(
        tree(-1, 0, 1),
        price=[0, 150_000, 50_000],
        credit=[1e6, 1e6, 1e6],
        daily=[1000, 100, 10],
        acceleration=(),
        stars=STARS,
        ticks=2,
    )
    assert found.stars.tolist() == pytest.approx([0.2 * 100 + 0.1 * 10, 0.1 * 10, 0])


def test_a_recruit_with_the_same_star_leaves_nothing_of_its_team() -> None:
    # A and B both have one star: A gets 10 % of B's own 36 and nothing of C's 100.
    found = play(
        tree(-1, 0, 1),
        price=[0, 3000, 60_000],
        credit=[1e6, 1e6, 1e6],
        daily=[36, 36, 100],
        acceleration=(),
        stars=STARS,
        ticks=2,
    )
    assert found.stars.tolist() == pytest.approx([3.6, 10, 0])


def test_a_star_begins_with_the_sale_that_reaches_it() -> None:
    # 49999 are not enough and 50000 are; the order of tick 2 counts from tick 3 on.
    for price, stars in ((49_999, 0.0), (50_000, 3.6)):
        found = play(
            tree(-1, 0, joined=[1, 2]),
            price=[0, price],
            credit=[0, 1e6],
            daily=[0, 36],
            stars=STARS,
            ticks=3,
            steps=3,
        )
        assert found.stars.tolist() == [0, 0]  # without credit there is nothing to take it from
        found = play(
            tree(-1, 0, joined=[1, 2]),
            price=[0, price],
            credit=[1e6, 1e6],
            daily=[0, 36],
            stars=STARS,
            ticks=3,
            steps=3,
        )
        assert found.stars[0] == pytest.approx(stars)


def test_rounding_does_not_decide_about_a_star() -> None:
    # Ten times 0.1 is 0.9999999999999999 in binary, and 1 for everybody else.
    assert recruitment.team_sums(tree(-1, *[0] * 10), np.full(11, 0.1))[0] < 1
    found = play(
        tree(-1, *[0] * 10),
        price=[0.1] * 11,
        credit=[99] * 11,
        daily=[0, *[1] * 10],
        acceleration=(),
        stars=((1.0, 0.5),),
        ticks=2,
    )
    assert found.stars[0] == pytest.approx(5)
    # Where everybody has the same star and most release nothing, differences are nought, not less.
    drawn = build(joins=np.array([3000]), seed=4)
    rng = np.random.default_rng(4)
    daily = rng.uniform(0, 1, 3000) * (drawn.recruits == 0)
    ones = np.ones(3000)
    found = play(drawn, price=ones, credit=1e4 * ones, daily=daily, stars=((1.0, 0.1),), ticks=2)
    assert found.stars.min() == 0


def test_thirty_million_below_the_root_cost_half_of_all_that_is_released_there() -> None:
    # 20000 members of 3000 are 60 million; nobody's credit ends on the first day.
    drawn = build(joins=np.array([20_000]), seed=7, pull=0.5)
    price = np.full(20_000, 3000.0)
    found = play(drawn, price=price, credit=price * 1e6, daily=0.012 * price, stars=STARS, ticks=2)
    assert found.stars.sum() == pytest.approx(0.5 * found.base[1:].sum(), rel=1e-12)
    assert found.stars.min() >= 0


def test_cut_payouts_make_time_slower() -> None:
    # Half of what is due is paid: 18 a day, and what is not paid stays in the credit.
    factor = np.full(501, 0.5)
    one: dict[str, Any] = {"price": [3000], "credit": [9000], "daily": [36]}
    for ticks, received in ((11, 180), (251, 4500), (501, 9000)):
        found = play(tree(-1), ticks=ticks, factor=factor[:ticks], **one)
        assert found.received.tolist() == pytest.approx([received])
    # 10 days at full pay and then none: who joined on day 6 had 5 of them (days 7 to 11 minus one).
    factor = np.where(np.arange(1, 101) <= 10, 1.0, 0.0)
    found = play(tree(-1, -1, joined=[1, 6]), price=[3000] * 2, credit=[9000] * 2, daily=[36] * 2,
                 ticks=100, factor=factor, steps=3)  # fmt: skip
    assert found.received.tolist() == pytest.approx([9 * 36, 4 * 36])


def test_sums_by_generation_and_team() -> None:
    #      0        5
    #    1   2      6
    #  3   4
    hand = tree(-1, 0, 0, 1, 1, -1, 5)
    amount = np.array([1.0, 2, 4, 8, 16, 32, 64])
    assert recruitment.generation_sums(hand, amount, generations=3).tolist() == [
        [2 + 4, 8 + 16, 0, 0, 0, 64, 0],
        [8 + 16, 0, 0, 0, 0, 0, 0],
        [0] * 7,
    ]
    assert recruitment.team_sums(hand, amount).tolist() == [2 + 4 + 8 + 16, 24, 0, 0, 0, 64, 0]
    assert hand.depth.tolist() == [0, 1, 1, 2, 2, 0, 1]
    assert hand.recruits.tolist() == [2, 2, 0, 0, 0, 1, 0]


def test_commissions() -> None:
    # 0.3 % and 0.2 % of 1000 are 3 and 2.
    found = recruitment.commissions(
        tree(-1, 0, 1), np.array([0.0, 0.0, 1000.0]), rates=(0.003, 0.002)
    )
    assert found[0].tolist() == pytest.approx([0, 3, 0])
    assert found[1].tolist() == pytest.approx([2, 0, 0])


def test_referral_units() -> None:
    # 10 % of each of five generations: 0.1 of the unit of each of the five below.
    line = tree(-1, 0, 1, 2, 3, 4, 5)
    units = np.ones(7)
    found = recruitment.referral_units(line, units, rate=0.1, generations=5)
    assert found.tolist() == pytest.approx([0.5, 0.5, 0.4, 0.3, 0.2, 0.1, 0])
    # The dearer packages earn on more generations than the cheap one.
    last = np.array([8, 5, 5, 1, 0, 5, 5])
    found = recruitment.referral_units(line, units, rate=0.1, generations=last)
    assert found.tolist() == pytest.approx([0.6, 0.5, 0.4, 0.1, 0, 0.1, 0])
    none = recruitment.referral_units(line, units, rate=0.1, generations=0)
    assert none.tolist() == [0.0] * 7


def test_ranks_and_their_pots() -> None:
    rank = recruitment.ranks(np.array([0.0, 0.9, 1, 5, 9.99, 10]), thresholds=(1.0, 5.0, 10.0))
    assert rank.tolist() == [0, 0, 1, 2, 2, 3]
    # 200000 over ten pots is 20000 each: one member of rank 10 alone has them all.
    assert recruitment.rank_pots(np.array([10]), amount=200_000).tolist() == [200_000]
    # Pot 1 for three members, pot 2 for two, pot 3 for one; the seven above are not paid out.
    found = recruitment.rank_pots(np.array([1, 0, 3, 2]), amount=200_000)
    first, second, third = 20_000 / 3, 20_000 / 2, 20_000
    assert found.tolist() == pytest.approx([first, 0, first + second + third, first + second])


def test_what_a_spread_says() -> None:
    # 200 members who each paid 100: 2 got 400, 18 got 200, 80 got 100, and 100 got 5.
    got = np.repeat([400.0, 200, 100, 5], [2, 18, 80, 100])
    none = np.zeros(200)
    found = Spread(
        price=np.full(200, 100.0), base=got * 0.5, accelerated=got * 0.5, stars=none, received=got
    )
    total = 800 + 3600 + 8000 + 500
    assert found.by_kind() == {"base": total / 2, "accelerated": total / 2, "stars": 0}
    assert found.share_of_top(0.01) == pytest.approx(800 / total)
    assert found.share_of_top(0.1) == pytest.approx(4400 / total)
    # Gains: 2 x 300 and 18 x 100.
    assert found.share_of_top(0.01, of="gains") == pytest.approx(600 / 2400)
    assert found.share_of_top(0.1, of="gains") == 1
    assert found.paid_back() == 100
    assert found.paid_back(np.full(200, 150.0)) == 20
    assert found.quantiles(at=(0.25, 0.75, 1.0)) == {0.25: 5, 0.75: 100, 1.0: 400}
    table = found.table()
    assert table["members"].tolist() == [2, 18, 80, 100]
    assert table["paid"].tolist() == [200, 1800, 8000, 10_000]
    assert table["received"].tolist() == [800, 3600, 8000, 500]
    assert table["per_member"].tolist() == [400, 200, 100, 5]
    assert table["share"].sum() == pytest.approx(1)
    assert table["paid_back"].tolist() == [2, 18, 80, 0]
    kinds = table["base"] + table["accelerated"] + table["stars"]
    assert kinds.tolist() == pytest.approx(table["received"].tolist())


def test_a_spread_of_one_and_of_nothing() -> None:
    none = np.zeros(1)
    found = Spread(price=none + 5, base=none, accelerated=none, stars=none, received=none)
    assert found.table()["members"].tolist() == [1, 0, 0, 0]
    assert found.share_of_top(0.5) == found.share_of_top(0.5, of="gains") == 0
    assert found.paid_back() == 0


# -- how a tree is drawn -----------------------------------------------------------------------

TREES = st.builds(
    lambda joins, seed, founders, pull: build(
        joins=np.array([*joins, 1]), seed=seed, founders=founders, pull=pull
    ),
    joins=st.lists(st.integers(0, 8), max_size=10),
    seed=st.integers(0, 2**63 - 1),
    founders=st.integers(1, 5),
    pull=st.sampled_from([0.0, 0.3, 1.0]),
)


@given(
    members=st.integers(1, 60),
    seed=st.integers(0, 2**63 - 1),
    founders=st.integers(1, 5),
    pull=st.sampled_from([0.0, 0.3, 1.0]),
)
@settings(max_examples=agree.examples(60))
def test_drawn_one_by_one_it_is_the_same_tree(
    members: int, seed: int, founders: int, pull: float
) -> None:
    drawn = build(joins=np.array([members]), seed=seed, founders=founders, pull=pull)
    slow = slow_tree.grow(members, seed=seed, founders=founders, pull=pull)
    assert drawn.recruiter.tolist() == slow


def test_the_seed_is_the_tree() -> None:
    joins = growing(5000, ticks=50, growth=0.05)
    one, same, other = (build(joins=joins, seed=seed, pull=0.4) for seed in (3, 3, 4))
    assert np.array_equal(one.recruiter, same.recruiter)
    assert not np.array_equal(one.recruiter, other.recruiter)
    # Day by day it only grows: the first members of a longer run are those of a shorter one.
    shorter = build(joins=joins[:30], seed=3, pull=0.4)
    assert np.array_equal(one.recruiter[: shorter.members], shorter.recruiter)
    assert np.array_equal(one.joined[: shorter.members], shorter.joined)
    assert np.bincount(one.joined, minlength=51)[1:].tolist() == joins.tolist()


#: The trees of seed 1 with 12 members, by pull.
PINNED = {
    0.0: [-1, 0, 0, 1, 0, 2, 4, 3, 3, 2, 2, 10],
    1.0: [-1, 0, 1, 2, 0, 4, 2, 5, 6, 4, 5, 5],
}


def test_a_seed_stays_the_same_tree_for_ever() -> None:
    # Written down once: neither numpy nor we may change what a quoted seed stands for.
    assert build(joins=np.array([12]), seed=1).recruiter.tolist() == PINNED[0.0]
    assert build(joins=np.array([12]), seed=1, pull=1.0).recruiter.tolist() == PINNED[1.0]


def test_as_many_have_nobody_as_the_theory_says() -> None:
    # Without pull half of all members recruit nobody, and a member is ln n levels down; with full
    # pull it is two thirds and ln(n) / 2. The first recruits 1 + 1/2 + 1/3 + ... = ln n + 0.58.
    members = 200_000
    log = np.log(members)
    alike = build(joins=np.array([members]), seed=5)
    assert np.mean(alike.recruits == 0) == pytest.approx(1 / 2, abs=0.005)
    assert alike.depth.mean() == pytest.approx(log + 0.5772 - 1, abs=2)
    assert alike.depth.max() < np.e * log
    drawn = build(joins=np.array([members]), seed=5, pull=1.0)
    assert np.mean(drawn.recruits == 0) == pytest.approx(2 / 3, abs=0.005)
    assert drawn.depth.mean() == pytest.approx(log / 2, abs=2)
    assert drawn.recruits.max() > 10 * alike.recruits.max()
    firsts = [build(joins=np.array([1000]), seed=seed).recruits[0] for seed in range(300)]
    # Variance about ln n - 1.07, so the mean of 300 has a standard error of 0.14.
    assert np.mean(firsts) == pytest.approx(np.log(999) + 0.5772, abs=0.5)


# -- against the slow reference ----------------------------------------------------------------


@given(drawn=TREES, seed=st.integers(0, 1000))
@settings(max_examples=agree.examples(60))
def test_sums_against_loops(drawn: Tree, seed: int) -> None:
    amount = np.random.default_rng(seed).integers(0, 100, drawn.members).astype(float)
    recruiter = drawn.recruiter.tolist()
    sums = recruitment.generation_sums(drawn, amount, generations=4)
    for number in range(1, 5):
        assert sums[number - 1].tolist() == slow_tree.generation(recruiter, amount, number)
    assert recruitment.team_sums(drawn, amount).tolist() == slow_tree.team(recruiter, amount)
    above = [sum(1 for _ in slow_tree.uplines(recruiter, m)) for m in range(drawn.members)]
    assert drawn.depth.tolist() == above
    assert drawn.recruits.tolist() == [recruiter.count(m) for m in range(drawn.members)]


#: Stars within the reach of a few dozen members; two have the same rate.
SMALL_STARS = ((3000.0, 0.05), (9000.0, 0.1), (20_000.0, 0.1), (60_000.0, 0.5))


def a_run(drawn: Tree, seed: int) -> dict[str, Any]:
    """Packages, credits and days drawn for that tree; credits short enough to end."""
    rng = np.random.default_rng(seed)
    price = rng.choice([0.0, 3000.0, 9000.0, 27_000.0], size=drawn.members)
    ticks = int(drawn.joined[-1]) + int(rng.integers(0, 40))
    return {
        "price": price,
        "credit": price * rng.choice([0.0, 0.1, 0.4, 3.0], size=drawn.members),
        "daily": price * rng.choice([0.0, 0.012, 0.05], size=drawn.members),
        "ticks": ticks,
        "factor": rng.uniform(0, 1, ticks) if seed % 2 else None,
    }


ACCELERATION = st.sampled_from([(), (0.5,), (0.5, 0.3), (1.0, 0.0, 0.7, 0.2)])


@given(
    drawn=TREES,
    seed=st.integers(0, 10_000),
    acceleration=ACCELERATION,
    stars=st.sampled_from([(), SMALL_STARS]),
)
@settings(max_examples=agree.examples(120))
def test_paid_as_the_loops_pay(
    drawn: Tree, seed: int, acceleration: tuple[float, ...], stars: tuple[tuple[float, float], ...]
) -> None:
    asked = a_run(drawn, seed)
    found = play(drawn, acceleration=acceleration, stars=stars, steps=asked["ticks"], **asked)
    slow = slow_tree.play(
        drawn.recruiter.tolist(),
        drawn.joined.tolist(),
        acceleration=acceleration,
        stars=stars,
        **{key: v.tolist() if isinstance(v, np.ndarray) else v for key, v in asked.items()},
    )
    for kind in ("base", "accelerated", "stars"):
        np.testing.assert_allclose(
            getattr(found, kind), getattr(slow, kind), rtol=1e-9, atol=1e-7, err_msg=kind
        )


@given(rank=st.lists(st.integers(0, 10), min_size=1, max_size=30), amount=st.integers(0, 10**6))
@settings(max_examples=agree.examples(50))
def test_pots_against_loops(rank: list[int], amount: int) -> None:
    found = recruitment.rank_pots(np.array(rank), amount=amount)
    assert found.tolist() == pytest.approx(slow_tree.pots(rank, amount=amount, count=10))
    assert found.sum() == pytest.approx(amount * max(rank) / 10)


# -- what must hold for any tree ---------------------------------------------------------------


@given(
    drawn=TREES,
    seed=st.integers(0, 10_000),
    acceleration=ACCELERATION,
    steps=st.integers(1, 60),
)
@settings(max_examples=agree.examples(60))
def test_what_always_holds(
    drawn: Tree, seed: int, acceleration: tuple[float, ...], steps: int
) -> None:
    asked = a_run(drawn, seed)
    found = play(drawn, acceleration=acceleration, stars=SMALL_STARS, steps=steps, **asked)
    for kind in (found.base, found.accelerated, found.stars, found.received):
        assert kind.min() >= 0
    # Nobody is paid more than the credit, and the kinds are all there is.
    assert np.all(found.received <= asked["credit"])
    np.testing.assert_allclose(found.base + found.accelerated + found.stars, found.received)
    total = found.received.sum()
    assert sum(found.by_kind().values()) == pytest.approx(total)
    table = found.table()
    assert table["members"].sum() == drawn.members
    assert table["received"].sum() == pytest.approx(total)
    assert table["paid_back"].sum() == found.paid_back()
    # Uplines get at most the sum of the shares, and of stars at most the highest rate.
    released = found.base.sum()
    assert found.accelerated.sum() <= sum(acceleration) * released + 1e-6
    assert found.stars.sum() <= 0.5 * released + 1e-6
    # Every yuan, team sales included, scales.
    scaled = play(
        drawn,
        acceleration=acceleration,
        stars=tuple((7 * sales, rate) for sales, rate in SMALL_STARS),
        steps=steps,
        **{key: asked[key] * 7 for key in ("price", "credit", "daily")},
        **{key: asked[key] for key in ("ticks", "factor")},
    )
    np.testing.assert_allclose(scaled.received, 7 * found.received, rtol=1e-9, atol=1e-6)


@given(drawn=TREES, seed=st.integers(0, 10_000), steps=st.integers(1, 60))
@settings(max_examples=agree.examples(40))
def test_the_base_alone_is_exact_with_any_number_of_steps(
    drawn: Tree, seed: int, steps: int
) -> None:
    asked = a_run(drawn, seed)
    found = play(drawn, acceleration=(), steps=steps, **asked)
    factor = np.ones(asked["ticks"]) if asked["factor"] is None else asked["factor"]
    days = np.array([factor[day:].sum() for day in drawn.joined])
    expected = np.minimum(asked["daily"] * days, asked["credit"])
    np.testing.assert_allclose(found.received, expected, rtol=1e-9, atol=1e-9)


def test_a_larger_team_never_has_a_lower_rate() -> None:
    """Why plain differences suffice: to the last bit, whatever the amounts."""
    drawn = build(joins=np.array([5000]), seed=11)
    price = np.random.default_rng(11).uniform(0, 1e5, 5000)
    sales = recruitment.team_sums(drawn, price)
    below = drawn.recruiter >= 0
    assert np.all(sales[drawn.recruiter[below]] >= (sales + price)[below])


@pytest.mark.part(3)
@pytest.mark.parametrize("pull", [0.0, 1.0])
@pytest.mark.parametrize("growth", [0.0, 0.01, 0.03])
@pytest.mark.parametrize("beyond", [0, 150, 530])
@pytest.mark.parametrize("cut", [False, True])
def test_coarse_steps_are_close_to_days(pull: float, growth: float, beyond: int, cut: bool) -> None:
    """The bounds that the docstring of ``play`` states, on runs of 200 to 730 days."""
    drawn = build(joins=growing(3000, ticks=200, growth=growth), seed=8, pull=pull)
    ticks = 200 + beyond
    price = np.random.default_rng(8).choice(
        [3000.0, 9000.0, 51_000.0], p=[0.7, 0.2, 0.1], size=3000
    )
    run: dict[str, Any] = {
        "price": price, "credit": 3 * price, "daily": 0.012 * price, "stars": STARS, "ticks": ticks,
        "factor": np.linspace(1, 0, ticks) if cut else None,
    }  # fmt: skip
    coarse, exact = play(drawn, **run), play(drawn, steps=ticks, **run)
    total = exact.received.sum()
    for kind, amount in exact.by_kind().items():
        assert abs(coarse.by_kind()[kind] - amount) <= 0.002 * total
    assert np.abs(coarse.received - exact.received).sum() <= 0.005 * total
    assert coarse.share_of_top(0.01) == pytest.approx(exact.share_of_top(0.01), abs=0.002)


def test_progress_is_told() -> None:
    told: list[float] = []
    one: dict[str, Any] = {"price": [1], "credit": [3], "daily": [0.1]}
    play(tree(-1), ticks=40, steps=4, progress=told.append, **one)
    assert told == [0.25, 0.5, 0.75, 1.0]
    told.clear()
    play(tree(-1), ticks=1, progress=told.append, **one)
    assert told == [1.0]


def test_a_tree_is_its_own() -> None:
    recruiter, joined = np.array([-1, 0]), np.array([1, 2])
    own = Tree(recruiter=recruiter, joined=joined)
    recruiter[1] = joined[1] = 5
    assert own.recruiter.tolist() == [-1, 0]
    with pytest.raises(ValueError, match="read-only"):
        own.recruiter[1] = -1


def test_nothing_given_is_written_to() -> None:
    drawn = build(joins=np.array([50]), seed=2)
    price = np.full(50, 3000.0)
    credit, daily = 0.2 * price, 0.012 * price
    before = credit.copy(), daily.copy(), price.copy()
    play(drawn, price=price, credit=credit, daily=daily, stars=SMALL_STARS, ticks=50)
    for now, then in zip((credit, daily, price), before, strict=True):
        assert np.array_equal(now, then)


def test_as_large_and_as_deep_as_allowed() -> None:
    many = build(joins=np.array([recruitment.MAX_MEMBERS]), seed=0)
    assert many.members == recruitment.MAX_MEMBERS
    found = play(many, price=np.full(many.members, 3000.0), credit=np.full(many.members, 9000.0),
                 daily=np.full(many.members, 36.0), stars=STARS, ticks=11, steps=1)  # fmt: skip
    # 10 days of 36; who has large enough a team has used up the credit by then.
    assert np.all(found.received[many.recruits == 0] == 360)
    assert found.received.max() == 9000
    assert found.by_kind()["base"] == pytest.approx(many.members * 360, rel=0.005)
    deep = tree(*range(-1, recruitment.MAX_DEPTH - 1))
    assert deep.depth[-1] == recruitment.MAX_DEPTH - 1
    with pytest.raises(ValueError, match="at most 1000 generations"):
        _ = tree(*range(-1, recruitment.MAX_DEPTH)).levels


# -- what is refused ---------------------------------------------------------------------------


def refused(call: Any, **asked: Any) -> str:
    """The message: one line that names the argument."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        call(**asked)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 200
    return message


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"joins": np.array([], dtype=int)}, "joins"),
        ({"joins": np.zeros(5, dtype=int)}, "joins"),
        ({"joins": np.array([1.5])}, "joins"),
        ({"joins": np.array([-1, 5])}, "joins"),
        ({"joins": np.array([[1]])}, "joins"),
        ({"joins": np.array([recruitment.MAX_MEMBERS, 1])}, "joins"),
        ({"joins": np.array([2**62, 2**62])}, "joins"),
        ({"joins": np.ones(recruitment.MAX_TICKS + 1, dtype=int)}, "joins"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**63}, "seed"),
        ({"founders": 0}, "founders"),
        ({"founders": recruitment.MAX_MEMBERS + 1}, "founders"),
        ({"pull": -0.1}, "pull"),
        ({"pull": 1.1}, "pull"),
        ({"pull": float("nan")}, "pull"),
    ],
)
def test_trees_that_are_refused(changes: dict[str, Any], named: str) -> None:
    assert refused(build, **{"joins": np.array([3]), "seed": 1} | changes).startswith(named)


@pytest.mark.parametrize(
    ("recruiter", "joined", "named"),
    [
        ([], [], "recruiter"),
        ([0], [1], "recruiter"),
        ([-1, 1], [1, 1], "recruiter"),
        ([-1, -2], [1, 1], "recruiter"),
        ([-1, 0], [1], "joined"),
        ([-1, 0], [2, 1], "joined"),
        ([-1, 0], [0, 1], "joined"),
        ([-1, 0], [1, recruitment.MAX_TICKS + 1], "joined"),
    ],
)
def test_hand_made_trees_that_are_refused(
    recruiter: list[int], joined: list[int], named: str
) -> None:
    message = refused(Tree, recruiter=np.array(recruiter), joined=np.array(joined))
    assert message.startswith(named)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"price": [1.0]}, "price"),
        ({"price": [1.0, float("nan")]}, "price"),
        ({"credit": [1.0, -1.0]}, "credit"),
        ({"credit": [1.0, float("inf")]}, "credit"),
        ({"daily": [1.0, 1e13]}, "daily"),
        ({"acceleration": (1.1,)}, "acceleration"),
        ({"acceleration": (0.1,) * 21}, "acceleration"),
        ({"acceleration": (float("nan"),)}, "acceleration"),
        ({"stars": ((5.0, 0.1), (5.0, 0.2))}, "stars"),
        ({"stars": ((5.0, 0.2), (6.0, 0.1))}, "stars"),
        ({"stars": ((5.0, 1.2),)}, "stars"),
        ({"stars": ((float("nan"), 0.2),)}, "stars"),
        ({"ticks": 2}, "ticks"),  # somebody joins on tick 3
        ({"ticks": recruitment.MAX_TICKS + 1}, "ticks"),
        ({"steps": 0}, "steps"),
        ({"steps": recruitment.MAX_TICKS + 1}, "steps"),
        ({"factor": [1.0] * 9}, "factor"),
        ({"factor": [1.1] * 10}, "factor"),
        ({"factor": [float("nan")] * 10}, "factor"),
    ],
)
def test_runs_that_are_refused(changes: dict[str, Any], named: str) -> None:
    asked: dict[str, Any] = {
        "price": [1.0, 1.0], "credit": [3.0, 3.0], "daily": [0.1, 0.1], "ticks": 10,
    }  # fmt: skip
    message = refused(play, tree=tree(-1, 0, joined=[1, 3]), **asked | changes)
    assert message.startswith(named)


def test_more_work_than_allowed_is_refused() -> None:
    drawn = build(joins=np.full(101, 9900), seed=1)
    ones = np.ones(drawn.members)
    message = refused(play, tree=drawn, price=ones, credit=ones, daily=ones, ticks=101, steps=101)
    assert message.startswith("steps")


def test_other_lists_that_are_refused() -> None:
    one = tree(-1)
    ones = np.ones(1)
    r = recruitment
    for call, asked, named in (
        (r.generation_sums, {"amount": ones, "generations": 0}, "generations"),
        (r.generation_sums, {"amount": ones, "generations": 21}, "generations"),
        (r.generation_sums, {"amount": np.ones(2), "generations": 1}, "amount"),
        (r.team_sums, {"amount": -ones}, "amount"),
        (r.commissions, {"spent": ones, "rates": ()}, "rates"),
        (r.commissions, {"spent": ones, "rates": (1.1,)}, "rates"),
        (r.referral_units, {"units": ones, "rate": 2.0, "generations": 1}, "rate"),
        (r.referral_units, {"units": ones, "rate": 0.1, "generations": -1}, "generations"),
        (r.referral_units, {"units": ones, "rate": 0.1, "generations": 1.5}, "generations"),
        (r.referral_units, {"units": ones, "rate": 0.1, "generations": ones}, "generations"),
    ):
        assert refused(call, tree=one, **asked).startswith(named)  # type: ignore[dict-item]
    assert refused(r.ranks, units=ones, thresholds=()).startswith("thresholds")
    assert refused(r.ranks, units=ones, thresholds=(2.0, 1.0)).startswith("thresholds")
    assert refused(r.rank_pots, rank=np.array([11]), amount=1.0).startswith("rank")
    assert refused(r.rank_pots, rank=np.array([1]), amount=-1.0).startswith("amount")
    assert refused(r.rank_pots, rank=np.array([1]), amount=1.0, pots=0).startswith("pots")
    nothing = Spread(price=ones, base=ones, accelerated=ones, stars=ones, received=ones)
    assert refused(nothing.share_of_top, fraction=1.1).startswith("fraction")
    assert refused(nothing.quantiles, at=(1.1,)).startswith("at")
