"""Already paid: what to stop, where to report, what to keep, each with its source. No Streamlit.

A line leads to its source by a small number; the sources stand folded at the end.
"""

from __future__ import annotations

from html import escape

from model import flags
from view.check.offer import source_text
from view.words.words import Words

#: In the order of what is urgent.
GROUPS = {
    "stop": "paid.stop",
    "report": "paid.report",
    "keep": "paid.keep",
    "avoid": "paid.avoid",
    "know": "paid.know",
}


def html(w: Words) -> str:
    """What somebody who has already paid may do."""
    advice = sorted(flags.advice(), key=lambda line: list(GROUPS).index(line.group))
    texts = [source_text(line, w) for line in advice]
    numbers = {text: str(number) for number, text in enumerate(dict.fromkeys(texts), 1)}
    blocks = []
    for group, key in GROUPS.items():
        told = [
            (line, numbers[text])
            for line, text in zip(advice, texts, strict=True)
            if line.group == group
        ]
        calls = "".join(_call(line, number, w) for line, number in told if line.call)
        items = "".join(_line(line, number, w) for line, number in told if not line.call)
        blocks.append(f"<h2 class='wp-head'>{escape(w(key))}</h2>{calls}")
        blocks.append(f"<ul class='wp-answer'>{items}</ul>" if items else "")
    sources = "".join(f"<li>{escape(text)}</li>" for text in numbers)
    folded = f"<summary>{escape(w('paid.sources'))}</summary><ol class='wp-source'>{sources}</ol>"
    return "".join(blocks) + f"<details class='wp-more'>{folded}</details>"


def _said(line: flags.Advice, number: str, w: Words) -> str:
    text = escape(w.text(line.text.en, line.text.zh))
    return f"{text}<sup class='wp-ref'>{number}</sup>"


def _line(line: flags.Advice, number: str, w: Words) -> str:
    return f"<li>{_said(line, number, w)}</li>"


def _call(line: flags.Advice, number: str, w: Words) -> str:
    """A number to ring, large enough for a thumb."""
    return (
        f"<p class='wp-call'><a href='tel:{line.call}'>{line.call}</a>"
        f"<span>{_said(line, number, w)}</span></p>"
    )
