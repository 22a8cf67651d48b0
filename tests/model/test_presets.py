"""Every number of a preset: known key, source, unit and quality; no source without a use."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from model import load, presets
from model.library import PRESETS, preset, sources
from model.scheme import scheme_parameters

FILES = [PRESETS / f"{name}.toml" for name in presets()]
FILES += sorted((PRESETS / "archive").glob("*.toml"))


def document(path: Path) -> dict[str, Any]:
    """The file as it stands, without the model's own reading of it."""
    with path.open("rb") as file:
        return tomllib.load(file)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_number_says_where_it_is_from(path: Path) -> None:
    known = scheme_parameters()
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
    found = document(path)
    for text in (found["name"], found["summary"], *(fact["text"] for fact in found["fact"])):
        assert set(text) == {"en", "zh"}
        assert text["en"].strip()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text["zh"])
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in text["en"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_figures_and_facts_name_their_source(path: Path) -> None:
    for item in (*document(path)["figure"], *document(path)["fact"]):
        assert item["source"] in sources()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_name_and_id_agree(path: Path) -> None:
    found = document(path)
    if path.parent.name == "archive":
        assert path.stem == f"{found['id']}.{found['revision']}"
    else:
        assert path.stem == found["id"]


def test_every_source_is_used() -> None:
    used: set[str] = set()
    for path in PRESETS.rglob("*.toml"):
        used |= set(re.findall(r'^source = "(.*)"', path.read_text(encoding="utf-8"), re.MULTILINE))
    assert used == set(sources())


def test_the_three_advertised_schemes() -> None:
    """The table of section 1: spend, share, gift in yuan, fee, forced exit, where the rest goes."""
    table = {
        "wine-points": (100, 0.3, 21, 0.1, 2.0),
        "thousand-yuan-points": (1000, 0.3, 210, 0.2, 3.0),
        "local-life-points": (1000, 0.16, 112, 0.2, 1.2),
    }
    assert set(presets()) == set(table)
    for name, (spend, share, gift, fee, multiple) in table.items():
        scheme = load(name)
        assert scheme.order.spend == spend
        assert scheme.pool.share == share
        assert scheme.pool.gift * share * spend == pytest.approx(gift, rel=1e-12)
        assert scheme.pool.fee == fee
        assert scheme.pool.exit_multiple == multiple
        assert scheme.pool.launch_price == 1
        assert sum(scheme.split().values()) == pytest.approx(1, rel=1e-12)
        assert not scheme.oversubscribed


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


@pytest.mark.parametrize("name", presets())
def test_moving_the_pool_share_never_spends_more_than_the_price(name: str) -> None:
    for share in (0.001, 0.1, 0.5, 0.9, 1.0):
        split = load(name, set={"points_pool.share": share}).split()
        assert sum(split.values()) == pytest.approx(1, rel=1e-12)
        assert split["pool"] == share
        assert all(part >= 0 for part in split.values())
