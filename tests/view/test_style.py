"""The style sheets hold together: what one leaves open swallows the next."""

from __future__ import annotations

import re

import pytest

from view.pages import ROOT
from view.pictures import live_files
from view.serving import document

SHEETS = {
    "style.css": (ROOT / "view" / "serving" / "style.css").read_text("utf-8"),
    "live.css": live_files.STYLE,
    "both": document.STYLE,
}


@pytest.mark.parametrize("name", SHEETS)
def test_every_block_that_is_opened_is_closed(name):
    text = re.sub(r"/\*.*?\*/", "", SHEETS[name], flags=re.DOTALL)
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        assert 0 <= depth <= 2
    assert depth == 0
