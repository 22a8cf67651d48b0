"""What a benchmark has found: a compact table for people, JSON for programs."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line: what was measured, its figures, and the bar one of them is held against."""

    what: str
    figures: dict[str, float]
    unit: str = "ms"
    #: The figure (a key of ``figures``) that has a bar, and the bar.
    held: str | None = None
    most: float | None = None
    least: float | None = None

    @property
    def ok(self) -> bool | None:
        """Whether the bar is kept; None without a bar."""
        if self.held is None:
            return None
        value = self.figures[self.held]
        return (self.most is None or value <= self.most) and (
            self.least is None or value >= self.least
        )

    def verdict(self) -> str:
        if self.ok is None:
            return ""
        sign, bar = ("<=", self.most) if self.most is not None else (">=", self.least)
        return f"{'ok' if self.ok else 'MISSED'}: {self.held} {sign} {bar:g}"


@dataclass
class Report:
    """All lines of one run."""

    title: str
    rows: list[Row] = field(default_factory=list)
    samples: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    #: Answers that were wrong; a single one fails the check.
    errors: int = 0

    def add(self, row: Row) -> None:
        self.rows.append(row)

    @property
    def ok(self) -> bool:
        return not self.errors and all(row.ok is not False for row in self.rows)

    def machine(self) -> dict[str, Any]:
        """What the figures depend on, without naming the machine."""
        packages = ("numpy", "pandas", "plotly", "pydantic", "streamlit")
        return {
            "cores": len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else os.cpu_count(),
            "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
            "python": platform.python_version(),
            "versions": {name: version(name) for name in packages},
        }

    def text(self) -> str:
        lines = [self.title, ""]
        width = max((len(row.what) for row in self.rows), default=0)
        for row in self.rows:
            figures = "  ".join(f"{name} {_short(v)}" for name, v in row.figures.items())
            unit = f" {row.unit}" if row.unit else ""
            lines.append(f"  {row.what:<{width}}  {figures}{unit}  {row.verdict()}".rstrip())
        about = self.machine()
        lines += [
            "",
            *(f"  {note}" for note in self.notes),
            f"  {about['cores']} cores, load {about['load']}, Python {about['python']}.",
            "  Times depend on the machine; ratios are taken within this run.",
        ]
        return "\n".join(lines)

    def finish(self, *, to: Path | None, check: bool) -> int:
        """Print the table, write the JSON, and say whether to leave with an error."""
        print(self.text())
        if to is not None:
            document = {
                "title": self.title,
                "machine": self.machine(),
                "rows": [
                    {
                        "what": row.what,
                        "unit": row.unit,
                        **{name: round(v, 4) for name, v in row.figures.items()},
                        "held": row.held,
                        "most": row.most,
                        "least": row.least,
                        "ok": row.ok,
                    }
                    for row in self.rows
                ],
                "samples": self.samples,
                "notes": self.notes,
            }
            to.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        return 1 if check and not self.ok else 0


def _short(value: float) -> str:
    return (
        f"{value:.2f}"
        if abs(value) < 10
        else f"{value:.1f}"
        if abs(value) < 1000
        else f"{value:.0f}"
    )


def spread(times: list[float]) -> dict[str, float]:
    """Best and median of several runs."""
    return {"best": min(times), "median": median(times)}


def ratio(these: list[float], those: list[float]) -> dict[str, float]:
    """Median of the ratios of neighbouring runs, which share disturbances; ratio of the best."""
    pairs = [a / b for a, b in zip(these, those, strict=True)]
    return {"median": median(pairs), "best": min(these) / min(those)}


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least ``share`` of all values do not exceed."""
    ranked = sorted(values)
    return ranked[max(-(-int(share * 100) * len(ranked) // 100) - 1, 0)]
