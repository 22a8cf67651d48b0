"""A claim names the page that made it, and whose numbers it is worked out with."""

from __future__ import annotations

import io
import tomllib
import zipfile

import pytest

from model import load, presets
from model.claims import CLAIMS, Claim
from model.library import preset
from model.preset import PRESETS, sources
from view.claims import claims_text, press_claims
from view.claims.claims_text import own_keys, tell
from view.parts import context
from view.pictures import charts
from view.press import press_data
from view.settings.state import Settings
from view.words.words import LANGS, Words

assert context  # registers the parameters' English words
#: By hand from the files: claims that fit an offer and that another page made.
ELSEWHERE = {
    "local-life-points": {1, 3, 4, 9, 10, 23},
    "thousand-yuan-points": {1, 3, 4, 10, 18, 23},
    "wine-points": {22},
}
OFFERS = (*presets(), "own:points_pool+commission", "own:refund_queue")
PAIRS = [
    pytest.param(claim, offer, id=f"{claim.id}-{offer}")
    for claim in CLAIMS.values()
    for offer in OFFERS
    if claim.fits(preset(offer).scheme())
]


def read_on(id_: str) -> set[str]:
    """The sales pages of a preset, straight from its file."""
    document = tomllib.loads((PRESETS / f"{id_}.toml").read_text("utf-8"))
    named = {each["source"] for each in (*document["value"], *document.get("fact", []))}
    return {id_ for id_ in named if sources()[id_].kind == "pitch"}


@pytest.mark.parametrize("id_", presets())
def test_who_said_what_of_whom(id_: str) -> None:
    scheme = load(id_)
    fitting = [claim for claim in CLAIMS.values() if claim.fits(scheme)]
    assert {c.number for c in fitting if not c.said_of(scheme)} == ELSEWHERE.get(id_, set())
    assert {c.id for c in fitting if c.said_of(scheme)} == {
        c.id for c in fitting if c.source in read_on(id_)
    }


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda claim: claim.id)
def test_a_claim_is_worked_out_first_with_the_numbers_of_its_own_page(claim: Claim) -> None:
    assert claim.source in read_on(claim.home)
    assert tell(claim, Words("en", strict=True)).worked == ""


def settings_of(claim: Claim, offer: str) -> Settings:
    page = {**dict.fromkeys(own_keys(), ""), "claim": claim.id, "view": "claims"}
    return Settings(preset(offer), {}, page)


@pytest.mark.parametrize(("claim", "offer"), PAIRS)
def test_page_sheet_picture_and_zip_name_both(claim: Claim, offer: str) -> None:
    for lang in LANGS:
        w = Words(lang, strict=True)
        chosen = preset(offer)
        title = w.text(sources()[claim.source].title.en, sources()[claim.source].title.zh)
        told = claims_text.told_of(claim, settings_of(claim, offer), w)
        own = chosen.kind == "own"
        other = own or claim.source not in read_on(offer)
        worked = (
            w("claims.worked.own")
            if own
            else w("claims.worked", name=w.text(chosen.name.en, chosen.name.zh))
        )
        assert (told.worked == worked) is other
        assert bool(told.worked) is other
        # On the page: in the list, and where the claim is open.
        for line in (told.page, told.read_on):
            assert title in line
            assert (worked in line) is other
    # On the sheet, inside its picture, and in what is taken along.
    sheet = press_claims.of_claim(claim, settings_of(claim, offer), w)
    foot = sheet.pictures[0].figure(charts.Look(w=w, printed=True)).layout.title.text
    flat = "".join(foot.replace("<br>", " ").split())
    packed = press_data.packed([sheet], links=["https://who.example/"], series=b"")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        readme = archive.read(press_data.README_FILE).decode()
    assert told.say("claim") in sheet.claim
    for text in (sheet.origin, flat, readme):
        tight = "".join(text.split())
        assert "".join(title.split()) in tight
        assert ("".join(worked.split()) in tight) is other
    # Two statements of the offer's page that do not fit together are no matter of another's claim.
    against = [w.text(fact.text.en, fact.text.zh) for fact in chosen.fact if fact.contradiction]
    assert not (other and any(text in q for text in against for q in sheet.questions))
