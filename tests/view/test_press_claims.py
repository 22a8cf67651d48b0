"""The sheet of every claim: its own sentence, and the lines that print its numbers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from model.library import preset
from view.claims import claims_text, press_claims
from view.pages import ROOT
from view.parts import context
from view.pictures import charts
from view.press import press_sheet
from view.settings.state import Settings
from view.words.words import LANGS, Words

assert context  # registers the parameters' English words
CLAIMS = claims_text.CLAIMS


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("id_", CLAIMS)
def test_every_claim_has_a_sheet(id_, lang):
    w, claim = Words(lang, strict=True), CLAIMS[id_]
    settings = Settings(preset(claim.home), {}, {"claim": id_})
    made = press_claims.of_claim(claim, settings, w)
    told = claims_text.told_of(claim, settings, w)
    assert told.fact in made.conclusion
    assert made.leaves_out == tuple(told.leaves_out)
    assert 1 <= len(made.arithmetic) <= press_sheet.LINES
    assert made.origin
    foot = made.pictures[0].figure(charts.Look(w=w, printed=True)).layout.title.text
    assert preset(claim.home).reference in foot


def test_the_lines_print_the_numbers_of_the_conclusion():
    lines, expected = [], ""
    for id_, claim in CLAIMS.items():
        settings = Settings(preset(claim.home), {"horizon": 60}, {"claim": id_})
        made = press_claims.of_claim(claim, settings, Words("en", strict=True))
        lines.append(made.python)
        expected += made.printed
    # One process for all of them: each is complete by itself.
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == expected
