"""The plan of the rooms: arrows run down, no wing of a page knows another, nothing is a circle."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from docs import house
from model.scheme import KINDS

GRAPH = house.imports()
NEEDS = house.rooms(GRAPH)
WINGS = {"view/check", "view/claims", "view/money", "view/sources", "view/teach"}


def test_nothing_imports_itself_by_a_way_round():
    assert len(GRAPH) > 100
    assert "model.funding" in GRAPH["model.result"]
    list(TopologicalSorter(GRAPH).static_order())
    with pytest.raises(CycleError):
        list(TopologicalSorter({**GRAPH, "model.fields": {"model.result"}}).static_order())


def test_rooms_stand_in_floors():
    floors = house.floors(NEEDS)
    assert "model" in floors[0]
    assert set(floors[-1]) == {"pages", "view/serving"}
    with pytest.raises(CycleError):
        house.floors({**NEEDS, "view/words": frozenset({"view/check"})})


@pytest.mark.parametrize("wing", sorted(WINGS))
def test_no_wing_of_a_page_imports_another_s(wing):
    assert NEEDS[wing]
    assert not NEEDS[wing] & (WINGS - {wing})
    below = {name for name, needed in NEEDS.items() if wing in needed}
    # What is printed of the lessons says the same as they do.
    printed = {"view/kit"} if wing == "view/teach" else set()
    assert below <= {"pages", "view/serving"} | printed


def test_every_room_says_in_one_sentence_what_lives_there():
    for name in NEEDS:
        path = house.ROOT / name / "__init__.py"
        if name.startswith("view/") and path.is_file():
            said = ast.get_docstring(ast.parse(path.read_text("utf-8")))
            assert said
            assert "\n" not in said


@pytest.mark.parametrize("name", ["view/words", "view/sentences", "view/pictures"])
def test_words_and_pictures_know_no_streamlit(name):
    paths = [path for module, path in house.modules().items() if house.room(module) == name]
    assert len(paths) > 3
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not any(one.partition(".")[0] == "streamlit" for one in house._named(node)), path


def test_the_picture_is_the_house():
    page = house.PAGE.read_text("utf-8")
    assert house.renewed(page) == page, "run python -m docs.house"
    assert "view_check --> view_press" in page


# -- who asks what kind a mechanism is -------------------------------------------------------------

CLASSES = {cls.__name__ for cls in KINDS.values()}
CLASSES |= {f"{name}Engine" for name in CLASSES} | {"SharedPointsEngine", "SharedDividendEngine"}


def asks(tree: ast.AST) -> int:
    """How often a module asks for a mechanism's class, or compares with the name of a kind."""
    found = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance":
            names = {n.id for n in ast.walk(node.args[1]) if isinstance(n, ast.Name)}
            found += bool(names & CLASSES)
        elif isinstance(node, ast.Compare):
            words = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant)}
            found += bool({word for word in words if isinstance(word, str)} & KINDS.keys())
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "first":
            found += 1
    return found


def test_a_question_for_a_kind_is_seen():
    assert asks(ast.parse("isinstance(m, A | PointsPool)")) == 1
    assert asks(ast.parse("m.kind == 'refund_queue' or kind in {'commission'}")) == 2
    assert asks(ast.parse("scheme.first('points_pool')")) == 1
    assert asks(ast.parse("isinstance(m, str); x == 'pool'")) == 0


@pytest.mark.parametrize("folder", ["model", "view"])
def test_nobody_else_asks_what_kind_a_mechanism_is(folder):
    """What depends on the kind stands in its folder, what two do together in `model/pairs/`."""
    known = house.modules().items()
    outside = {
        name: path
        for name, path in known
        if name.startswith(folder) and not name.startswith(f"{folder}.mechanisms")
    }
    assert len(outside) > 40
    counts = {name: asks(ast.parse(path.read_text("utf-8"))) for name, path in outside.items()}
    assert {name: count for name, count in counts.items() if count} == {}
