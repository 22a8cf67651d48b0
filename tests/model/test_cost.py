"""What a run costs is known before it is played: work in ratios to a reference, and bytes.

`python -m benchmarks.cost` looks for settings that cost more than is said.
"""

from __future__ import annotations

import itertools
from statistics import median

import pytest
from hypothesis import Phase, given, settings

from benchmarks.cost import Clock, bytes_used
from model import load, presets, simulate
from model.cost import Cost, cost, longest, total
from tests.model import agree
from tests.model.any_scheme import schemes

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(3)

#: As many packages as there may be.
PACKAGES = [[1 + 0.5 * k, 1 / 12] for k in range(12)]
SOLD = {"behaviour.sell_share": 0.01}
PACKED = {"order.packages": PACKAGES}
DIVIDED = PACKED | {
    "dividend_pool.package_units": [],
    "dividend_pool.package_quotas": [],
    "dividend_pool.package_generations": [],
}
DEEP = DIVIDED | {
    "dividend_pool.referral_rate": 0.3,
    "dividend_pool.referral_generations": 20,
    "dividend_pool.rank_share": 0,
}
#: Presets at the ends of what costs them something; short enough to be tried here.
EXTREMES = {
    "packages and leaving": ("case-yunlianhui", PACKED | SOLD | {"horizon": 140}),
    "wallets": ("case-yunlianhui", PACKED | {"platform.minimum": 500, "horizon": 100}),
    "stars": ("green-points", {"horizon": 450}),
    "stars and leaving": ("green-points", SOLD | {"horizon": 250}),
    "tasks": ("ad-tasks", {"horizon": 350}),
    "generations": ("cyclic-packages", DEEP | {"horizon": 50}),
    "over all": ("cyclic-packages", {"dividend_pool.divided_over": "all", "horizon": 150}),
    "one quota": ("equity-shop", {"horizon": 300}),
    "one quota and leaving": ("equity-shop", SOLD | {"horizon": 125}),
    "a queue": ("three-in-one-out", {"refund_queue.advance": 0.1, "horizon": 350}),
    "points": ("wine-points", SOLD | {"points_pool.exit_multiple": 1.0, "horizon": 900}),
}
#: What is held to the clock: long enough to be told from the noise of a moment.
TIMED = ("packages and leaving", "one quota and leaving")


@pytest.mark.parametrize("name", EXTREMES)
def test_memory_is_no_more_than_said_and_not_much_less(name):
    reference, changes = EXTREMES[name]
    scheme = load(reference, changes)
    said, used = cost(scheme).memory, bytes_used(scheme)
    assert used <= said
    if used > 3e6:
        assert said <= 6 * used


@pytest.mark.parametrize("name", presets()[::2])
def test_a_preset_takes_no_more_memory_than_said(name):
    scheme = load(name, {"horizon": 120})
    assert bytes_used(scheme) <= cost(scheme).memory


@settings(max_examples=agree.examples(12), phases=(Phase.explicit, Phase.generate))
@given(schemes(horizon=60))
def test_no_scheme_takes_more_memory_than_said(scheme):
    assert bytes_used(scheme) <= cost(scheme).memory


def test_work_is_about_what_is_said():
    """Each against reference runs beside it; the clock of a busy computer is allowed for."""
    clock = Clock()
    for name in TIMED:
        reference, changes = EXTREMES[name]
        scheme = load(reference, changes)
        said = cost(scheme).work
        taken = median(clock.work(scheme) for _ in range(3))
        assert said / 12 <= taken <= 3 * said, (name, said, taken)


@pytest.mark.parametrize("name", presets())
def test_more_days_cost_more(name):
    costs = [cost(load(name, {"horizon": days})) for days in (1, 30, 365, 1825, 10_000)]
    for less, more in itertools.pairwise(costs):
        assert less.work < more.work
        assert less.memory < more.memory
        assert less.kept <= less.memory


def test_the_reference_costs_about_one():
    assert 0.5 <= cost(load("green-points", {"horizon": 365})).run <= 4


def test_the_longest_run_within_a_budget():
    scheme = load("equity-shop", {"horizon": 5000})
    most = longest(scheme, work=20.0, memory=1e9)
    assert 1 < most < 5000
    at = [cost(scheme.model_copy(update={"horizon": days})).work for days in (most, most + 1)]
    assert at[0] <= 20.0 < at[1]
    assert longest(scheme, work=1e9, memory=1e12) == 5000
    assert longest(scheme, work=0.01, memory=1e9) == 0


def test_several_runs_are_kept_together():
    one, two = Cost(1, 2, 30, 10), Cost(3, 4, 50, 20)
    assert total([one, two]) == Cost(4, 6, 60, 30)
    assert total([]) == Cost()


def test_what_was_looked_at_for_whose_money_is_not_kept():
    """All payments of a release once more, by cohort: many times what the result is."""
    scheme = load("case-yunlianhui", {"horizon": 700})
    result = simulate(scheme)
    result.funding()
    assert not [name for name in vars(result) if "whole" in name]
    assert bytes_used(scheme) < 20e6
