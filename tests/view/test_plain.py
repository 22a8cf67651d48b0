"""What came from outside is repeated as text: short, visible, and nowhere as markup."""

from __future__ import annotations

import ast
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from view.pages import ROOT
from view.parts import notices
from view.words.plain import END, ISOLATE, MOST, UNSEEN, cell, quoted

SCRIPTS = sorted([*(ROOT / "view").rglob("*.py"), *(ROOT / "pages").glob("*.py")])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("points_pool.share", "points_pool.share"),
        (" a\n b\tc\u2028d ", "a b c d"),
        ("", ""),
        ("0.3\u202e7.0", f"0.3{UNSEEN}7.0"),
        ("\u200f\u200e\u2066\ufeff\x00x", f"{UNSEEN}x"),
        ("\x1b[31mred", f"{UNSEEN}[31mred"),
        ("\ud800", UNSEEN),
        ("x" * MOST, "x" * MOST),
        ("x" * (MOST + 1), "x" * (MOST - 1) + "…"),
        ("x" * 100_000, "x" * (MOST - 1) + "…"),
        (" " * 100_000 + "x", "…"),
        ("e" + "\u0301" * 50, "e\u0301\u0301"),
        ("积分", "积分"),
        ("עברית=1", f"{ISOLATE}עברית=1{END}"),
        ("[text](http://example.org) $x$ <b>", "[text](http://example.org) $x$ <b>"),
    ],
)
def test_as_a_sentence_repeats_it(text, said):
    assert quoted(text) == said


@given(st.text(max_size=300), st.integers(2, 80))
def test_nothing_unseen_is_repeated(text, most):
    said = quoted(text, most)
    inner = said.removeprefix(ISOLATE).removesuffix(END)
    assert len(inner) <= most
    assert inner.isprintable() or inner == ""
    assert not any(unicodedata.category(c)[0] == "C" for c in inner)
    assert said in {inner, f"{ISOLATE}{inner}{END}"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start):
    assert cell(f"{start}1+1") == f"'{start}1+1"
    assert cell(f"1{start}1") == f"1{start}1"


def test_a_box_is_text():
    said = '<img src=x onerror="alert(1)"> [a](http://example.org) :material/close: $x$'
    box = notices.html(said, "warning")
    assert "<img" not in box
    assert box.count("<") == 2
    assert "[a](http://example.org) :material/close: $x$" in box


#: What Streamlit reads as markdown of a whole sentence, or shows in a box of its own.
MARKDOWN = {"markdown", "caption", "write", "warning", "info", "success", "error", "toast"}
MARKDOWN |= {"badge", "exception", "subheader", "latex"}
#: The sentences for a page that has failed, or was not drawn: they repeat nothing.
FIXED = {
    "st.error(w('app.error'))",
    "st.warning(w('app.busy'), icon=':material/hourglass_top:')",
}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_sentence_with_foreign_parts_is_markdown(path):
    """Markdown is for fixed words of the catalogue and numbers; all else is said as a notice."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = ast.unparse(node.func.value)
        if node.func.attr not in MARKDOWN or owner in {"_log", "logging"}:
            continue
        if node.func.attr in {"write", "exception", "error"} and owner != "st":
            continue  # to a file, of a future, of a command line
        if ast.unparse(node) in FIXED:
            continue
        assert node.func.attr in {"markdown", "caption"}, ast.unparse(node)
        (said,) = node.args
        calls = {ast.unparse(each.func) for each in ast.walk(said) if isinstance(each, ast.Call)}
        assert calls <= {"w", "count", "lang"}, ast.unparse(node)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_raw_html_is_never_switched_on(path):
    """``st.html`` is cleaned by the browser code; these two are not."""
    text = path.read_text("utf-8")
    assert "unsafe_allow_html" not in text
    assert "unsafe_allow_javascript" not in text
