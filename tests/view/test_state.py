"""The address: what it says is restored exactly, and what it cannot mean is named and left out."""

from __future__ import annotations

import ast
import random
import shutil
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import library, load
from model.library import parse_value, preset, presets
from model.preset import Preset
from model.scheme import named_parameters
from tests.view.strategies import CHOICES, LISTS, PARAMETERS, schemes
from view.check import check
from view.claims import cases, claims_page
from view.money import money
from view.pages import ROOT
from view.parts import context
from view.settings import state
from view.words.words import LANGS, Words, placeholders

OWN = {"check": check.OWN, "money": money.OWN}
#: The presets, and schemes of a reader's own.
NAMES = [
    *presets(),
    "own:points_pool+commission",
    "own:points_pool+dividend_pool",
    "own:scheduled_release+refund_queue+dividend_pool.yearly",
]
assert context  # registers the parameters' English words


#: What may stand for those whose words are not listed.
WRITTEN = {
    **dict.fromkeys(
        ("package", "buyer", "sell", "joined", "who", "stop"), ("", "0", "7", "9" * 15)
    ),
    "before": ("", "0", "8000000000"),
    "per_day": ("", "1", "8000000000"),
    "each": ("", "2", "1000"),
    "upto": ("", "2", "10000"),
    "pull": ("", "0", "100"),
    "seed": ("", "1", "1000000"),
    "unsure": ("", "order.goods_value", "points_pool.fee,yearly.share"),
    "said": ("", "dearer.yes", "dearer.no,recruits.yes"),
    "with": ("", "-", "wine-points@1", "wine-points,stamp-card@1"),
}


def page_settings(own: Mapping[str, tuple[str, ...]]) -> st.SearchStrategy[dict[str, str]]:
    """Any allowed settings of a page's own."""
    return st.fixed_dictionaries(
        {key: st.sampled_from(allowed or WRITTEN[key]) for key, allowed in own.items()}
    )


def over_the_wire(query: Mapping[str, str]) -> dict[str, str]:
    """As a browser sends it and the server reads it."""
    return dict(parse_qsl(urlencode(query), keep_blank_values=True))


# -- There and back ----------------------------------------------------------------


@pytest.mark.parametrize("page", OWN)
@given(data=st.data(), described=schemes(NAMES))
def test_every_setting_comes_back_exactly(page, data, described):
    name, wanted = described
    own = OWN[page]
    mine = data.draw(page_settings(own))
    chosen = preset(name)
    query = state.address(chosen, wanted, page=mine, defaults=own, keep={"lang": "zh-Hant"})
    found = state.parse(over_the_wire(query), page=own)
    assert found.problems == ()
    assert found.newest is None
    assert found.scheme() == chosen.scheme(wanted)
    assert {key: found.page.get(key, "") for key in own} == mine
    assert query["lang"] == "zh-Hant"
    # And once more: an address does not change by being read and written.
    again = state.address(
        found.preset, found.changes, page=found.page, defaults=own, keep={"lang": "zh-Hant"}
    )
    assert again == query


@given(schemes(NAMES))
def test_the_address_says_what_the_command_line_takes(described):
    name, wanted = described
    chosen = preset(name)
    query = state.address(chosen, wanted, page={}, defaults={}, keep={})
    reference = query.pop(state.PRESET)
    by_command = load(reference, set={key: parse_value(text) for key, text in query.items()})
    assert by_command == chosen.scheme(wanted)
    assert by_command == state.parse({state.PRESET: reference, **query}, page={}).scheme()


@given(schemes(NAMES))
def test_only_what_differs_from_the_preset_counts_as_changed(described):
    name, wanted = described
    chosen = preset(name)
    base, whole = chosen.scheme(), chosen.scheme(wanted)
    differing = state.changed(chosen, {key: whole.get(key) for key in wanted})
    assert set(differing) <= {key for key in wanted if base.get(key) != whole.get(key)}
    known = named_parameters(chosen.parts)
    assert state.changed(chosen, {key: base.get(key) for key in known}) == {}
    # What was left out differs by less than can be seen.
    kept = chosen.scheme(differing)
    for key in set(wanted) - set(differing):
        value, asked = kept.get(key), whole.get(key)
        if isinstance(value, float) and asked is not None:
            assert value == pytest.approx(asked, rel=1e-11, abs=1e-14)
        else:
            assert value == asked


def test_numbers_that_hold_only_together():
    """In whatever order: a district's share above the preset's city's, two lists by package."""
    agents = {"commission.district": 0.01, "commission.city": 0.02, "commission.province": 0.03}
    lists = {"dividend_pool.package_units": [1, 2], "order.packages": [[1, 0.5], [2, 0.5]]}
    for name, wanted in (("local-life-points", agents), ("cyclic-purchase", lists)):
        chosen = preset(name)
        for order in (list(wanted), list(reversed(wanted))):
            query = state.address(
                chosen, {key: wanted[key] for key in order}, page={}, defaults={}, keep={}
            )
            found = state.parse(over_the_wire(query), page={})
            assert found.problems == ()
            assert found.scheme() == chosen.scheme(wanted)


# -- Mangled addresses ---------------------------------------------------------------

NASTY = (
    "",
    " ",
    "nan",
    "NaN",
    "[NaN]",
    "inf",
    "-inf",
    "Infinity",
    "-Infinity",
    "[[1,Infinity]]",
    "1e999",
    "-1e999",
    "1e308",
    "-0",
    "0",
    "-1",
    "0.1.2",
    "1_000",
    "0x10",
    "1" * 60,
    "9" * 400,
    "9" * 1999,
    "-" + "9" * 1999,
    "9" * 5000,
    "0." + "3" * 1990,
    "true",
    "null",
    "none",
    "NONE",
    '"0.2"',
    '"a"',
    "[]",
    "{}",
    '{"a":{"b":[1,2,{"c":null}]}}',
    "[" * 900 + "]" * 900,
    "[" * 100_000,
    "[[1,2],[3]]",
    "[[1,2,3]]",
    "[" + ",".join(["1"] * 900) + "]",
    "[" + ",".join(["1"] * 60_000) + "]",
    "[" + ",".join(["[1,1]"] * 300) + "]",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{0}{key}{value.__class__}%s%n",
    "../../../../etc/hosts",
    "wine-points@1",
    "\x00",
    "\x00\x01\x1f\x7f\u0085\u2028\u2029",
    "\u202e0.2",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "\udcff\udcfe",
    "٠٫٢",
    "０.２",
    "²",
    "é" * 3000,
    "a" * 100_000,
    "0.2\r\nSet-Cookie: a=b",
    "' OR 1=1 --",
    "0.2;0.3",
    "1,5",
    "1e-400",
    "5e-324",
)
SCHEMES = (
    "",
    "nowhere",
    "@",
    "@1",
    "wine-points@",
    "wine-points@0",
    "wine-points@-1",
    "wine-points@2",
    "wine-points@99999",
    "wine-points@999999",
    "wine-points@1e3",
    "wine-points@one",
    "wine-points@1@1",
    "wine-points@²",
    "wine-points@٣",
    "wine-points@../../1",
    "../wine-points",
    "/etc/hosts",
    "wine-points.toml",
    "archive/wine-points.1",
    "WINE-POINTS",
    "wine-points ",
    "\x00",
    "<b>",
    "a" * 5000,
)


def mangled() -> Iterator[dict[str, str]]:
    """Some hundreds of addresses nobody meant."""
    yield from (
        {key: text} for key in ("points_pool.share", "horizon", "order.rest") for text in NASTY
    )
    yield from ({"demand.orders": text} for text in NASTY)
    yield from ({"points_pool.outside": text} for text in NASTY)
    yield from ({state.PRESET: text} for text in (*SCHEMES, *NASTY))
    yield from ({text: "1"} for text in NASTY)
    yield from ({"unsure": text, "before": text, "view": text, "upto": text} for text in NASTY)
    yield {f"key{k}": "1" for k in range(5000)}
    yield dict.fromkeys(PARAMETERS, "nan")
    yield {key.upper(): "1" for key in PARAMETERS}
    yield {f"{key}.{key}": "1" for key in PARAMETERS}
    chance = random.Random(2026)
    keys = (*PARAMETERS, state.PRESET, "unsure", "before", "view", "zoom", "lang", "utm_source")
    for _ in range(150):
        few = chance.sample(keys, chance.randint(1, 12))
        query = {key: chance.choice(NASTY) for key in few}
        query |= {
            "".join(chance.choices(string.printable, k=chance.randint(0, 30))): "".join(
                chr(chance.randrange(1, 0x3000)) for _ in range(chance.randint(0, 60))
            )
            for _ in range(chance.randint(0, 3))
        }
        yield query
    for _ in range(60):
        raw = bytes(chance.randrange(256) for _ in range(chance.randint(1, 80)))
        text = "".join(f"%{byte:02x}" if chance.random() < 0.7 else chr(byte) for byte in raw)
        key = chance.choice([*PARAMETERS, "scheme", ""])
        # Percent-encoded bytes that are no UTF-8, keys twice, no value at all.
        yield dict(parse_qsl(f"{key}={text}&{key}={text}&{text}&=", keep_blank_values=True))


MANGLED = list(mangled())


def test_there_are_enough_mangled_addresses():
    assert len(MANGLED) >= 500


@pytest.fixture
def checks(monkeypatch) -> list[int]:
    """How many times a scheme was checked: the work an address makes."""
    made = [0]
    original = Preset.scheme

    def counted(self: Preset, changes: Mapping[str, Any] | None = None) -> Any:
        made[0] += 1
        return original(self, changes)

    monkeypatch.setattr(Preset, "scheme", counted)
    return made


@pytest.mark.parametrize("page", OWN)
def test_a_mangled_address_gives_a_scheme_and_short_sentences(page, checks):
    spoken = [Words(lang, strict=True) for lang in LANGS]
    for query in MANGLED:
        checks[0] = 0
        found = state.parse(query, page=OWN[page])
        # All at once, then without each, then one after the other.
        assert checks[0] <= 2 * min(len(query), state.MAX_KEYS) + 1, query
        assert len(found.problems) <= min(len(query), state.MAX_KEYS + 1), query
        scheme = found.scheme()
        assert scheme.id in presets()
        assert set(found.changes) <= set(query)
        for key, allowed in OWN[page].items():
            assert not allowed or found.page[key] in allowed
        for problem in found.problems:
            for w in spoken:
                assert 0 < len(sentence(problem, w)) < 400
        # Whatever was kept can be written down and read again.
        kept = state.address(found.preset, found.changes, page={}, defaults={}, keep={})
        assert state.parse(kept, page={}).scheme() == scheme


def sentence(problem: state.Problem, w: Words) -> str:
    """As the page says it."""
    values = dict(problem.values)
    if "param" in values:
        values["param"] = w.label(values["param"])
    return w(problem.key, **values)


@given(
    query=st.dictionaries(
        st.sampled_from(sorted({*PARAMETERS, "scheme", "view", "before"})) | st.text(max_size=20),
        st.sampled_from(NASTY) | st.text(max_size=60) | st.floats().map(str),
        max_size=8,
    )
)
def test_no_address_is_an_error(query):
    found = state.parse(query, page=money.OWN)
    assert len(found.problems) <= len(query)
    found.scheme()


#: What chats, networks and counters add to a link.
ADDED = [
    "from",
    "isappinstalled",
    "appinstall",
    "fbclid",
    "gclid",
    "scene",
    "clicktime",
    "enterid",
    "spm",
    "nsukey",
    "utm_source",
    "utm_campaign",
    "share_token",
    "sharer_shareid",
    "wx_header",
    "colour",
    "<b>alert</b>",
    "x.y",
]


@pytest.mark.parametrize(
    "own", [check.OWN, money.OWN, claims_page.OWN], ids=["check", "money", "claims"]
)
def test_what_chats_add_to_a_link_goes_silently(own):
    mine = {"scheme": "wine-points", "points_pool.share": "0.2"}
    found = state.parse({**dict.fromkeys(ADDED, "timeline"), **mine}, page=own)
    assert found.problems == ()
    assert dict(found.changes) == {"points_pool.share": 0.2}
    assert found == state.parse(mine, page=own)
    # However many there are, none of ours is lost behind them.
    many = {f"utm_{k}": "1" for k in range(5 * state.MAX_KEYS)}
    assert state.parse({**many, **mine}, page=own) == state.parse(mine, page=own)


def test_the_parts_of_our_addresses_are_known_as_ours():
    """So that one on the wrong page, or one that was, is named."""
    assert all(
        state.ours(key, {}) for own in (check.OWN, money.OWN, claims_page.OWN) for key in own
    )
    assert not state.PARTS & set(ADDED)


def test_the_numbers_of_a_part_that_a_reader_named_are_ours():
    """A scheme put together by a reader has names that no preset has."""
    mine = {"scheme": "own:refund_queue.zebra+dividend_pool.yearly", "zebra.share": "0.31"}
    found = state.parse({**mine, "yearly.divided_over": "live"}, page=money.OWN)
    assert found.problems == ()
    assert dict(found.changes) == {"zebra.share": 0.31, "yearly.divided_over": "live"}
    found = state.parse({**mine, "zebra.stripes": "12"}, page=money.OWN)
    assert [problem.key for problem in found.problems] == ["url.unknown"]


def test_each_unusable_thing_is_named():
    query = {
        "scheme": "nowhere",
        "points_pool.fee": "2",
        "order.rest": "me",
        "points_pool.colour": "blue",
        "package": "1",
        "view": "sideways",
        "points_pool.share": "0.3",
        "utm_campaign": "x",
    }
    found = state.parse(query, page=money.OWN)
    assert [problem.key for problem in found.problems] == [
        "url.scheme",
        "url.range_below",
        "url.one_of",
        "url.unknown",
        "url.unknown",
        "url.choice",
    ]
    assert dict(found.changes) == {"points_pool.share": 0.3}
    assert found.preset.id == presets()[0]
    assert found.problems[1].values == {
        "param": "points_pool.fee",
        "value": "2",
        "low": "0",
        "high": "1",
    }


def test_what_comes_after_the_last_allowed_key():
    many = {f"points_pool.k{k}": "1" for k in range(state.MAX_KEYS)} | {"points_pool.fee": "0.3"}
    found = state.parse(many, page={})
    assert [p.key for p in found.problems].count("url.too_many") == 1
    assert found.changes == {}


def declared_problems() -> set[str]:
    """Every key a Problem is made with."""
    found = set()
    for path in (ROOT / "view").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if not named or node.func.id != "Problem":
                continue
            key = node.args[0]
            keys = [key] if isinstance(key, ast.Constant) else list(assigned(tree, key.id))
            assert keys, path.name
            found |= {each.value for each in keys}
    return found


def assigned(tree: ast.Module, name: str) -> Iterator[ast.Constant]:
    """What a name may hold of the keys of an address's sentences."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            for each in ast.walk(node.value):
                if isinstance(each, ast.Constant) and str(each.value).startswith("url."):
                    yield each


@pytest.mark.parametrize("lang", LANGS)
def test_every_problem_has_words_with_exactly_its_placeholders(lang):
    w = Words(lang, strict=True)
    # Said by the page: for knobs, for what would take too long, and for what is there twice.
    said: dict[str, set[str]] = {
        "url.combination": set(),
        "url.heavy": {"days"},
        "url.heavy.orders": {"days"},
        "url.too_heavy": set(),
        "url.twice": {"key"},
    }
    for query in (
        {f"points_pool.k{k}": "" for k in range(state.MAX_KEYS + 1)},
        {"points_pool.fee": "2", "order.rest": "me", "view": "x", "scheme": "x"},
        {"points_pool.share": "2", "order.spend": "0", "horizon": "1.5", "demand.orders": "1"},
        {"scheme": "zero-cost-marketing", "commission.district": "0.9", "upto": "x"},
        {"case_growth": "x", "demand.growth": "-1"},
        {"scheme": "wine-points@9"},
    ):
        for problem in state.parse(query, page={**money.OWN, **cases.OWN}).problems:
            said[problem.key] = set(problem.values)
    assert set(said) == declared_problems()
    for key, values in said.items():
        assert placeholders(w._find(key) or "") == values, key


def test_choices_and_lists_known_here_are_all_there_are():
    assert {p.key for p in PARAMETERS.values() if p.unit == "choice"} == set(CHOICES)
    assert {p.key for p in PARAMETERS.values() if p.unit == "list"} == set(LISTS)


# -- Old revisions -------------------------------------------------------------------


def as_revision(text: str, revision: int, fee: float) -> str:
    """A preset file with another revision and fee."""
    lines = text.splitlines()
    lines[next(k for k, line in enumerate(lines) if line.startswith("revision = "))] = (
        f"revision = {revision}"
    )
    at = lines.index('key = "points_pool.fee"') + 1
    lines[at] = f"value = {fee}"
    return "\n".join(lines) + "\n"


@pytest.fixture
def revised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[float]:
    """A newer revision of the wine scheme with another fee; the old one is in the archive."""
    folder = tmp_path / "presets"
    shutil.copytree(library.PRESETS, folder)
    current = folder / "wine-points.toml"
    fee = preset("wine-points").scheme().pool.fee
    text = current.read_text("utf-8")
    (folder / "archive").mkdir(exist_ok=True)
    (folder / "archive" / "wine-points.1.toml").write_text(as_revision(text, 1, fee), "utf-8")
    current.write_text(as_revision(text, 2, 0.25), "utf-8")
    monkeypatch.setattr(library, "PRESETS", folder)
    library._shipped.cache_clear()
    yield fee
    monkeypatch.undo()
    library._shipped.cache_clear()


def test_a_link_keeps_the_numbers_of_its_revision(revised):
    link = {"scheme": "wine-points@1", "horizon": "50"}
    found = state.parse(link, page={})
    assert found.problems == ()
    assert found.preset.revision == 1
    assert found.newest == 2
    assert found.scheme().pool.fee == revised
    assert load("wine-points@1").pool.fee == revised
    # Passed on, it still carries its own revision.
    query = state.address(found.preset, found.changes, page={}, defaults={}, keep={})
    assert query == link
    newest = state.parse({"scheme": "wine-points"}, page={})
    assert (newest.preset.revision, newest.newest) == (2, None)
    assert newest.scheme().pool.fee == 0.25


def test_a_revision_that_was_never_is_named(revised):
    assert revised
    found = state.parse({"scheme": "wine-points@7"}, page={})
    assert [p.key for p in found.problems] == ["url.revision"]
    assert found.preset.revision == 2
