"""Faults that can be put into a file, drawn from a seed. Runs in `.venv-faults` beside Cosmic Ray.

`python fault_places.py SEED NUMBER FILE...` prints a list of {file, name, source, was} as JSON. A
place in the text is drawn first and one of its faults then, so that an operator with a dozen
replacements is no likelier than a number with two. What changes nothing but annotations,
decorators and docstrings is no fault.
"""

from __future__ import annotations

import ast
import json
import random
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

#: Kinds of fault that need settings, or that say nothing of what is worked out.
LEFT_OUT = ("Variable", "RemoveDecorator", "ExceptionReplacer")
#: Of operators and comparisons, what they become: no more than a slip of a hand.
SLIPS = [
    "Binary:",
    "Add_Sub",
    "Sub_Add",
    "Mul_Div",
    "Div_Mul",
    "FloorDiv_Div",
    "Mod_Mul",
    "Pow_Mul",
    "Comparison:",
    "Lt_LtE",
    "LtE_Lt",
    "Gt_GtE",
    "GtE_Gt",
    "Lt_GtE",
    "GtE_Lt",
    "Gt_LtE",
    "LtE_Gt",
    "Eq_NotEq",
    "NotEq_Eq",
    "Is_IsNot",
    "IsNot_Is",
    "In_NotIn",
    "NotIn_In",
    "Unary:",
    "Delete_Not",
    "Delete_USub",
    "USub_UAdd",
]


class DropTerm(Operator):
    """One term of a sum, or one factor of a product, is left out."""

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        if node.type in {"arith_expr", "term"}:
            for sign in node.children[1::2]:
                yield sign.start_pos, sign.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        at = 2 * index + 1
        node.children = node.children[:at] + node.children[at + 2 :]
        return node if len(node.children) > 1 else node.children[0]

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class OtherKey(Operator):
    """Something else is looked up: another name that the file looks up somewhere."""

    def __init__(self) -> None:
        self._root: Any = None
        self._all: set[str] = set()

    def _key(self, node: Any) -> Any:
        if node.type == "trailer" and node.children[0].value == "[" and len(node.children) == 3:
            inside = node.children[1]
            return inside if inside.type == "string" else None
        return None

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        key = self._key(node)
        if key is not None and self._others(node, key):
            yield key.start_pos, key.end_pos

    def _others(self, node: Any, key: Any) -> list[str]:
        root = node.get_root_node()
        if root is not self._root:
            found = (self._key(one) for one in ast_nodes(root))
            self._root, self._all = root, {one.value for one in found if one is not None}
        return sorted(self._all - {key.value})

    def mutate(self, node: Any, index: int) -> Any:
        key = self._key(node)
        others = self._others(node, key)
        key.value = others[(key.start_pos[0] + index) % len(others)]
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class SwapArguments(Operator):
    """The first two arguments of a call change places, unless either order is the same."""

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        called = node.parent.get_previous_sibling() if node.type == "arglist" else None
        if called is not None and called.get_code().strip() in {"max", "min", "np.maximum"}:
            return
        if node.type == "arglist" and len(node.children) >= 3:
            a, _, b = node.children[:3]
            if "argument" not in {a.type, b.type} and a.get_code().strip() != b.get_code().strip():
                yield a.start_pos, a.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002 -- as Cosmic Ray calls it
        first, second = node.children[0], node.children[2]
        before, after = first.get_first_leaf(), second.get_first_leaf()
        before.prefix, after.prefix = after.prefix, before.prefix
        node.children[0], node.children[2] = second, first
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


OWN = {"DropTerm": DropTerm, "OtherKey": OtherKey, "SwapArguments": SwapArguments}


@cache
def operators() -> dict[str, Operator]:
    """Every kind of fault by its name."""
    found = {
        name: get_operator(name)()
        for name in sorted(operator_names())
        if not any(part in name for part in LEFT_OUT)
        and ("Operator_" not in name or name.partition("Operator_")[2] in SLIPS)
    }
    return found | {name: make() for name, make in OWN.items()}


def places(source: str) -> dict[tuple[int, int], list[tuple[str, int]]]:
    """Line and column: the (operator, occurrence)s there."""
    nodes, found = [*ast_nodes(get_ast(source))], {}
    for name, operator in operators().items():
        # In the order in which Cosmic Ray counts occurrences.
        seen = 0
        for node in nodes:
            for start, _ in operator.mutation_positions(node):
                found.setdefault(tuple(start), []).append((name, seen))
                seen += 1
    return found


def meaning(source: str) -> str | None:
    """What is run: the tree without annotations, decorators and docstrings; None: no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.decorator_list = []
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def main() -> None:
    seed, number, *files = sys.argv[1:]
    chance = random.Random(int(seed))
    texts = {file: Path(file).read_text("utf-8") for file in files}
    known = [
        (file, place, faults)
        for file, text in texts.items()
        for place, faults in sorted(places(text).items())
    ]
    chance.shuffle(known)
    drawn: list[dict[str, str]] = []
    for file, _, faults in known:
        if len(drawn) == int(number):
            break
        name, occurrence = chance.choice(faults)
        operator = operators()[name]
        changed = mutate_code(texts[file], operator, occurrence)
        if changed and meaning(changed) not in {None, meaning(texts[file])}:
            drawn.append({"file": file, "name": name, "source": changed, "was": texts[file]})
    json.dump(drawn, sys.stdout)


if __name__ == "__main__":
    main()
