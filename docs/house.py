"""The picture of the house, drawn from the imports: ``python -m docs.house`` renews it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
START, END = "<!-- drawn by python -m docs.house -->\n", "<!-- end -->"

Graph = Mapping[str, frozenset[str]]


def modules() -> dict[str, Path]:
    """Every module of the app by its name."""
    found = {"app": ROOT / "app.py"}
    for folder in ("pages", "view", "model"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _named(node: ast.AST) -> Iterator[str]:
    """The modules that a statement may mean."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            yield f"{node.module}.{alias.name}"
            yield node.module


def imports() -> Graph:
    """Which module imports which, wherever in it: late imports and those for types too."""
    known = modules()
    found: dict[str, frozenset[str]] = {}
    for name, path in known.items():
        mine: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for one in _named(node):
                if one in known and not any(other.startswith(f"{one}.") for other in mine):
                    mine.add(one)
        found[name] = frozenset(mine - {name})
    return found


def room(module: str) -> str:
    """The folder a module stands in; of what stands in `view/` itself, the module."""
    first, *rest = module.split(".")
    if first == "view" and rest:
        inside = (ROOT / "view" / rest[0]).is_dir()
        return f"view/{rest[0]}" if inside else f"view/{rest[0]}.py"
    if first == "model" and rest[:1] in (["mechanisms"], ["claims"], ["asked"], ["pairs"]):
        return f"model/{rest[0]}"
    return first


def rooms(graph: Graph) -> dict[str, frozenset[str]]:
    """Which room of `view/` needs which, and the pages."""
    found: dict[str, set[str]] = {}
    for module, needed in graph.items():
        mine = found.setdefault(room(module), set())
        mine |= {room(other) for other in needed} - {room(module)}
    # What starts them and what only sets the environment says nothing of their order.
    left_out = {"app", "view", "view/__main__.py"}
    shown = {name for name in found if name not in left_out and not name.startswith("model/")}
    return {name: frozenset(found[name] & shown) for name in shown}


def floors(needs: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """The rooms in floors, the lowest first: each needs only lower ones. Raises CycleError."""
    sorter = TopologicalSorter(needs)
    sorter.prepare()
    found: list[list[str]] = []
    while sorter.is_active():
        floor = sorted(sorter.get_ready())
        found.append(floor)
        sorter.done(*floor)
    return found


def doors(needs: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    """The arrows of the picture: those that no way over another room says anyway."""

    def beyond(name: str) -> set[str]:
        return {x for other in needs.get(name, ()) for x in (other, *beyond(other))}

    return [
        (name, other)
        for name in sorted(needs)
        for other in sorted(needs[name])
        if not any(other in beyond(between) for between in needs[name] - {other})
    ]


def picture() -> str:
    """The picture (Mermaid), highest floor first, and one line for each room."""
    known, needs = modules(), rooms(imports())
    lines = ["```mermaid", "flowchart TD"]
    for floor in reversed(floors(needs)):
        lines += [f'  {_id(name)}["{name}"]' for name in floor]
    lines += [f"  {_id(a)} --> {_id(b)}" for a, b in doors(needs)]
    lines += ["```", "", "| room | what lives there | modules |", "|---|---|---|"]
    for floor in reversed(floors(needs)):
        for name in floor:
            path = known.get(name.removesuffix(".py").replace("/", "."), ROOT / name)
            said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) if path.is_file() else ""
            inside = [module for module in known if room(module) == name]
            first = (said or "One page each: what it is made of.").split("\n\n", 1)[0]
            lines.append(f"| `{name}` | {' '.join(first.split())} | {len(inside)} |")
    return "\n".join(lines) + "\n"


def _id(name: str) -> str:
    return name.removesuffix(".py").replace("/", "_")


def renewed(page: str) -> str:
    """The page with the picture as it is now."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}{picture()}{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), "utf-8")
