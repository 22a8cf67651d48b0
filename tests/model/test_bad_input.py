"""Input that cannot be used: one sentence that names it and what is allowed, and nothing else."""

from __future__ import annotations

import random
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import load, presets, simulate
from model.__main__ import main
from model.library import preset
from model.preset import SchemeError
from model.preset_file import MAX_FILE
from model.scheme import KINDS, scheme_parameters
from tests.model import agree
from tests.model.test_contracts import command

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)

ROOT = Path(__file__).resolve().parents[2]
#: A scheme with every kind of mechanism, and so with every number.
EVERYTHING = "own:" + "+".join(KINDS)
WINE = (ROOT / "presets" / "wine-points.toml").read_text(encoding="utf-8")


def complaint(reference: Any, changes: dict[str, Any] | None = None) -> str | None:
    """The message if it is refused: always one line of bounded length."""
    try:
        load(reference, set=changes)
    except SchemeError as error:
        return one_line(str(error))
    return None


def one_line(message: str) -> str:
    """The message, if that is what it is."""
    assert message
    assert "\n" not in message
    assert len(message) < 2000
    return message


def refused(reference: Any, changes: dict[str, Any] | None = None) -> str:
    """The message of something that has to be refused."""
    message = complaint(reference, changes)
    assert message is not None, "it was let through"
    return message


# -- schemes and keys -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reference",
    [
        "", "wine", "WINE-POINTS", "wine-points ", "../wine-points", "wine-points/..", "nul\0l",
        "é" * 500, "wine-points@", "sources", "archive", "wine-points\nlist", "-", "@1",
        "a" * 100_000,
    ],
)  # fmt: skip
def test_unknown_schemes(reference: str) -> None:
    if reference == "wine-points@":
        assert load(reference).id == "wine-points"
        return
    message = refused(reference)
    for known in presets():
        assert known in message


@pytest.mark.parametrize("revision", ["2", "0", "-1", "1.0", "x", "99999", "999999999", "１", " 1"])
def test_unknown_revisions(revision: str) -> None:
    assert "revision" in refused(f"wine-points@{revision}")


def test_known_revisions() -> None:
    assert load("wine-points@1") == load("wine-points")


def test_unknown_key_offers_the_nearest() -> None:
    message = refused("wine-points", {"points_pool.fees": 0.1})
    assert "points_pool.fees" in message
    assert "points_pool.fee?" in message or "points_pool.fee " in message
    message = refused("wine-points", {"zzzzzzzz": 1})
    assert "zzzzzzzz" in message
    assert "points_pool.fee" in message  # what is known


@pytest.mark.parametrize(
    "key",
    ["", ".", "..", "points_pool", "points_pool.", ".fee", "order", "order.parts", "mechanisms",
     "mechanisms.0.fee", "id", "revision", "points_pool.kind", "points_pool.name", "__class__",
     "points_pool.__dict__", "dividend_pool.share", "k" * 50_000, "horizon.x", "demand.orders.0"],
)  # fmt: skip
def test_keys_that_are_no_parameters(key: str) -> None:
    refused("wine-points", {key: 1})


# -- values -----------------------------------------------------------------------------------

NUMBERS = [
    key
    for key, parameter in scheme_parameters().items()
    if parameter.unit not in {"choice", "list"}
]
STRANGE = [
    float("nan"), float("inf"), float("-inf"), "nan", "inf", "abc", "", " ", [], [1], {}, {"a": 1},
    10**400, -(10**400), "1e999", "0x10", True, "\0", "９" * 30,
]  # fmt: skip


def written_out(bound: float) -> str:
    """A bound as people write it: no power of ten, thousands apart."""
    whole = f"{bound:,.12f}"
    return whole.rstrip("0").rstrip(".")


@pytest.mark.parametrize("key", NUMBERS)
def test_numbers_out_of_range(key: str) -> None:
    parameter = scheme_parameters()[key]
    assert parameter.minimum is not None
    assert parameter.maximum is not None
    span = parameter.maximum - parameter.minimum
    for value in (parameter.minimum - 1 - span, parameter.maximum + 1 + span, 1e300, -1e300):
        number = int(value) if isinstance(parameter.default, int) else value
        message = refused(EVERYTHING, {key: number})
        assert key in message
        assert written_out(parameter.maximum) in message
        assert written_out(parameter.minimum) in message


@pytest.mark.parametrize("key", NUMBERS)
def test_values_that_are_no_numbers(key: str) -> None:
    for value in STRANGE:
        message = complaint(EVERYTHING, {key: value})
        if message is not None:
            assert key in message
        else:
            # What is let through is a plain finite number within its bounds.
            found = load(EVERYTHING, set={key: value}).get(key)
            assert isinstance(found, int | float)
            assert abs(found) < 1e16


@pytest.mark.parametrize("value", [None, "none", "never"])
def test_none_where_a_number_is_needed(value: Any) -> None:
    for key in ("horizon", "points_pool.fee", "order.spend", "points_pool.launch_price"):
        assert key in refused("wine-points", {key: value})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tick", "week"), ("tick", 1), ("tick", None), ("demand.kind", "steadily"),
        ("demand.kind", []),
        ("order.rest", "me"), ("horizon", 1.5), ("horizon", 10**9), ("horizon", "10_001"),
        ("demand.orders", 5), ("demand.orders", [-1]), ("demand.orders", [1e10]),
        ("demand.orders", ["x"]), ("demand.orders", [float("nan")]), ("demand.orders", [[1]]),
        ("demand.orders", [1] * 10_001), ("points_pool.outside", [[1]]),
        ("points_pool.outside", [[0, 5]]), ("points_pool.outside", [[1, -5]]),
        ("points_pool.outside", [[1, 1e14]]), ("points_pool.outside", [[1.5, 5]]),
        ("points_pool.outside", [[1, 2, 3]]), ("points_pool.outside", "all"),
        ("points_pool.outside", [[1, 5e-324]]), ("points_pool.outside", [[1, 1.0]] * 1001),
        ("demand.orders_per_tick", 1e18), ("demand.stop_tick", 0), ("points_pool.fee", 1),
        ("points_pool.share", 1.01), ("points_pool.gift", 0), ("points_pool.gift", 1.0001),
        ("behaviour.sell_share", 0.51), ("points_pool.share", 5e-324), ("order.spend", 5e-324),
    ],
)  # fmt: skip
def test_values_that_are_not_allowed(key: str, value: Any) -> None:
    assert key in refused("wine-points", {key: value})


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("dividend_pool", "order.packages", [[1, 0.5]]),
        ("dividend_pool", "order.packages", [[1, 0.5], [2, 0.6]]),
        ("dividend_pool", "order.packages", [[0, 1]]),
        ("dividend_pool", "order.packages", [[1, 0], [2, 1]]),
        ("dividend_pool", "order.packages", [[1, 1 / 13]] * 13),
        ("dividend_pool", "order.packages", [[1]]),
        ("dividend_pool", "dividend_pool.package_units", [1, 2]),
        ("dividend_pool", "dividend_pool.package_units", [-1]),
        ("dividend_pool", "dividend_pool.package_quotas", [1e7]),
        ("dividend_pool", "dividend_pool.package_generations", [float("nan")]),
        ("dividend_pool", "dividend_pool.levels", [[2, 1], [1, 2]]),
        ("dividend_pool", "dividend_pool.levels", [[1, 2], [2, 1]]),
        ("dividend_pool", "dividend_pool.levels", [[1, 1], [1, 2]]),
        ("dividend_pool", "dividend_pool.rank_reached", [0.1] * 9),
        ("dividend_pool", "dividend_pool.rank_reached", [0.1, 0.2, *[0.0] * 8]),
        ("dividend_pool", "dividend_pool.rank_reached", [1.1, *[0.0] * 9]),
        ("dividend_pool", "dividend_pool.share", 0),
        ("dividend_pool", "dividend_pool.rank_share", 0.95),
        ("dividend_pool", "dividend_pool.shared_quota", "points_pool"),
        ("dividend_pool", "dividend_pool.divided_over", "some"),
        ("scheduled_release", "scheduled_release.package_multiples", [3, 3]),
        ("scheduled_release", "scheduled_release.package_multiples", [0]),
        ("scheduled_release", "scheduled_release.stars", [[1, 1.1]]),
        ("scheduled_release", "scheduled_release.stars", [[2, 0.1], [1, 0.2]]),
        ("scheduled_release", "scheduled_release.rewards", [[0, 2], [0, 3]]),
        ("scheduled_release", "scheduled_release.rewards", [[0, 1e13]]),
        ("scheduled_release", "scheduled_release.basis", "credit"),
        ("scheduled_release", "platform.policy", "hope"),
        ("refund_queue", "order.packages", [[1, 0.5], [2, 0.5]]),
        ("refund_queue", "refund_queue.rule", "first"),
        ("refund_queue", "refund_queue.lock", 0.5),
        ("refund_queue", "refund_queue.newcomers", 1.5),
        ("commission", "commission.district", 0.5),
        ("commission", "commission.districts", 1.5),
        ("points_pool+dividend_pool", "points_pool.share", 0.95),
        ("points_pool+refund_queue", "points_pool.gift", [1]),
    ],
)
def test_values_that_other_mechanisms_do_not_allow(kind: str, key: str, value: Any) -> None:
    said = refused(f"own:{kind}", {key: value})
    assert len(said) < 300
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("commission", {"commission.city": 0.0005}, "a city's share"),
        (
            "commission",
            {"commission.circle": 1, "commission.circle_goods": 0.6},
            "more cash than it takes in",
        ),
        (
            "points_pool+dividend_pool",
            {"dividend_pool.shared_quota": "points_pool", "behaviour.take_profit": 1},
            "take_profit",
        ),
        (
            "points_pool+dividend_pool+dividend_pool.yearly",
            {"dividend_pool.shared_quota": "points_pool", "yearly.shared_quota": "points_pool"},
            "at most one",
        ),
        ("points_pool+scheduled_release", {"scheduled_release.share": 0.9}, "of the price"),
    ],
)
def test_numbers_that_do_not_go_together(kind: str, changes: dict[str, Any], said: str) -> None:
    assert said in refused(f"own:{kind}", changes)


@pytest.mark.parametrize(
    "mechanisms",
    [
        "", "+", "lottery", "points_pool+points_pool", "points_pool+points_pool.second",
        "commission+commission.more", "dividend_pool+dividend_pool", "dividend_pool.order",
        "dividend_pool.tick", "dividend_pool.refund_queue", "dividend_pool.a b", "dividend_pool.A",
        "dividend_pool." + "a" * 41, "points_pool." + "\n", "points_pool+" * 200, "own:points_pool",
        "+".join(f"dividend_pool.p{k}" for k in range(9)), "points_pool commission",
    ],
)  # fmt: skip
def test_mechanisms_that_cannot_be(mechanisms: str) -> None:
    refused(f"own:{mechanisms}")


def test_long_values_are_not_repeated_at_length() -> None:
    assert len(refused("wine-points", {"horizon": "x" * 100_000})) < 300
    assert len(refused("wine-points", {"demand.orders": ["y" * 100_000] * 9})) < 400


def test_the_largest_of_everything_stays_bounded() -> None:
    """The longest run with the largest volumes and everything happening: finite and soon done."""
    largest = {
        "horizon": 10_000,
        "demand.orders_per_tick": 1e9,
        "demand.kind": "growing",
        "demand.growth": 1,
        "points_pool.exit_multiple": 0.3,
        "behaviour.sell_share": 0.5,
        "behaviour.panic_growth": 10,
        "behaviour.panic_share": 0.9,
        "behaviour.take_profit": 0.3,
        "behaviour.take_profit_share": 0.5,
        "points_pool.redeem_share": 0.5,
        "points_pool.swap_share": 0.5,
        "points_pool.swap_back_share": 0.5,
        "points_pool.debt": 1e13,
        "points_pool.debt_batches": 60,
        "points_pool.debt_interval": 100,
        "points_pool.outside": [[tick, 1e13] for tick in range(1, 1001)],
        "order.spend": 1e7,
    }
    for changes in (
        {**largest, "points_pool.exit_multiple": None, "behaviour.panic_share": 1},
        {**largest, "demand.kind": "steady", "demand.orders_per_tick": 0.001},
        {**largest, "behaviour.sell_share": 0.001, "behaviour.panic_growth": None},
        {**largest, "tick": "order", "points_pool.gift": 1, "points_pool.fee": 0.0},
    ):
        result = simulate(load("wine-points", set=changes))
        for table in (result.series, result.cohorts.drop(columns="exit_tick")):
            values = table.to_numpy(dtype=float)
            assert (abs(values) < float("inf")).all()  # no infinity and not-a-number
        assert len(result.flows)


# -- files ------------------------------------------------------------------------------------


def broken(tmp_path: Path, text: str | bytes, name: str = "mine.toml") -> str:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return refused(path)


def test_a_good_file_loads(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(WINE, encoding="utf-8")
    assert load(path) == load(str(path)) == load("wine-points")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "wine-points"', "id = ", "TOML"),
        ('id = "wine-points"', 'id = "Wine Points"', "id"),
        ('id = "wine-points"', "", "id"),
        ("revision = 1", 'revision = "one"', "revision"),
        ("revision = 1", "revision = 0", "revision"),
        ("revision = 1", "revision = 1\nrevision = 2", "TOML"),
        ("revision = 1", "revision = 1\ncolour = 3", "colour"),
        ('family = "points_pool"', 'family = "lottery"', "family"),
        ('unit = "yuan"', 'unit = "dollar"', "unit"),
        ('unit = "yuan"', 'unit = "share"', "unit"),
        ('unit = "yuan"', "", "unit"),
        ('key = "order.spend"', 'key = "order.spent"', "order.spent"),
        ('key = "order.spend"', 'key = "points_pool.fee"', "points_pool.fee"),
        ("value = 100\n", "value = -100\n", "order.spend"),
        ("value = 100\n", "value = nan\n", "order.spend"),
        ("value = 100\n", "value = inf\n", "order.spend"),
        ("value = 100\n", 'value = "lots"\n', "order.spend"),
        ("value = 100\n", "value = 2026-01-01\n", "order.spend"),
        ("value = 100\n", "value = { a = 1 }\n", "order.spend"),
        ("value = 100\n", "", "value"),
        ('quality = "stated"', 'quality = "guessed"', "quality"),
        ('source = "pitch-wine"', 'source = "a-friend"', "a-friend"),
        ('source = "pitch-wine"', "", "source"),
    ],
)  # fmt: skip
def test_broken_files(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in WINE
    message = broken(tmp_path, WINE.replace(old, new, 1))
    assert "mine.toml" in message
    assert says in message


def test_files_that_are_no_presets(tmp_path: Path) -> None:
    assert "TOML" in broken(tmp_path, "]]]] not toml [[[[")
    broken(tmp_path, "")
    broken(tmp_path, "[[value]]\n" * 3)
    broken(tmp_path, 'value = "x"')
    assert "UTF-8" in broken(tmp_path, b"\xff\xfe\x00id")
    assert "UTF-8" in broken(tmp_path, WINE.encode("gb18030"))
    assert "large" in broken(tmp_path, WINE + "#" * MAX_FILE)
    broken(tmp_path, "a = " + "[" * 50_000)
    assert "line" in broken(tmp_path, "a." * 20_000 + "b = 1")
    broken(tmp_path, "\0" * 100)


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    assert "missing.toml" in refused(tmp_path / "missing.toml")
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    assert "folder.toml" in refused(folder)
    refused("n\0ul.toml")
    refused("x" * 5000 + ".toml")
    refused(tmp_path)


def test_an_archived_revision_is_found(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "wine-points.toml").write_text(
        WINE.replace("revision = 1", "revision = 2"), encoding="utf-8"
    )
    (tmp_path / "archive" / "wine-points.1.toml").write_text(WINE, encoding="utf-8")
    assert preset("wine-points", directory=tmp_path).revision == 2
    assert preset("wine-points@1", directory=tmp_path).revision == 1
    with pytest.raises(SchemeError, match="newest is 2"):
        preset("wine-points@3", directory=tmp_path)


# -- the command line -------------------------------------------------------------------------


def complains(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    status, out, err = command(capsys, *words)
    assert status == 2
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert len(err) < 2000
    return err


def test_command_lines_that_cannot_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert "wine-points" in complains(capsys, "run", "wine")
    assert "wine-points" in complains(capsys, "show", "wine")
    assert "key=value" in complains(capsys, "run", "wine-points", "--set", "horizon")
    assert "none" in complains(capsys, "run", "wine-points", "--set", "points_pool.exit_multiple=0")
    assert "10,000" in complains(capsys, "run", "wine-points", "--set", "horizon=99999")
    assert "points_pool.fee" in complains(capsys, "run", "wine-points", "--set", "points_pool.fe=1")
    assert "day" in complains(capsys, "run", "wine-points", "--set", "tick=week")
    assert "csv" in complains(capsys, "run", "wine-points", "--format", "xml")
    complains(capsys, "run", "wine-points", "--set", "demand.orders_per_tick=NaN")
    complains(capsys, "run", "wine-points", "--set", "demand.orders_per_tick=Infinity")
    complains(capsys, "run", "wine-points", "--set", "demand.orders_per_tick=1e400")
    complains(capsys, "run", "wine-points", "--set", "=1")
    complains(capsys, "run", "wine-points", "--set", "")
    complains(capsys, "run", "wine-points", "--set", "horizon=" + "9" * 19_000)
    complains(capsys, "run", "wine-points", "--set", "horizon=" + "9" * 30_000)
    complains(capsys, "run", "wine-points", "--set", "demand.orders=" + "[" * 15_000)
    complains(capsys, "run", "missing.toml")
    complains(capsys, "run")
    complains(capsys, "dance")
    complains(capsys)
    complains(capsys, "run", "wine-points", "extra")
    complains(capsys, "list", "extra")
    complains(capsys, "run", "wine-points\nlist")


def test_hundreds_of_mangled_settings(capsys: pytest.CaptureFixture[str]) -> None:
    """Keys and values cut, doubled and spoilt: an answer or one line, soon, no traceback."""
    chance = random.Random(20261122)
    keys = [*scheme_parameters(), "mechanisms", "id", "", "points_pool", "order.parts"]
    values = [
        "0", "1", "-1", "0.5", "1e308", "1e-308", "5e-324", "NaN", "-Infinity", "none", "null",
        "true", "[]", "[[]]", "[1,2]", "[[1,2]]", "{}", '{"a":1}', '"x"', "day", "order", "list",
        "growing",
        "", " ", "=", "==", "\0", "\n", "\ud7ff", "％", "١٢", "0" * 500, "--format", "1_000", "1e5",
        "10000", "10001", "999999999999999999999999", "0.1.2", "'", '"', "\\", "[1", "nan]", "🍷",
    ]  # fmt: skip
    answered = complained = 0
    for _ in range(500):
        key, value = chance.choice(keys), chance.choice(values)
        spoil = chance.random()
        if spoil < 0.2 and key:
            at = chance.randrange(len(key))
            key = key[:at] + chance.choice(string.printable) + key[at + 1 :]
        elif spoil < 0.3:
            value = value * chance.randrange(1, 50)
        elif spoil < 0.4:
            value = "".join(chance.choices(string.printable + "元％𝟙", k=chance.randrange(1, 40)))
        scheme = "wine-points" if chance.random() < 0.5 else EVERYTHING
        words = ["run", scheme, "--set", f"{key}={value}"]
        if chance.random() < 0.3:
            words += ["--set", f"{chance.choice(keys)}={chance.choice(values)}"]
        status, out, err = command(capsys, *words)
        if status == 0:
            assert out.startswith("tick,")
            assert err == ""
            answered += 1
        else:
            assert (status, out) == (2, ""), words
            assert err.count("\n") == 1, words
            assert len(err) < 3000  # it may name every key there is
            assert "Traceback" not in err
            complained += 1
    assert answered > 10
    assert complained > 200


@given(text=st.text(max_size=200))
@settings(max_examples=agree.examples(200))
def test_any_text_as_a_scheme_or_a_setting(text: str) -> None:
    complaint(text)
    complaint("wine-points", {text: 1})
    complaint("wine-points", {"horizon": text})


def test_main_needs_no_arguments_object() -> None:
    assert main(["list"]) == 0
