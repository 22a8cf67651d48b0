"""The view "Claims" of the page Claims and cases."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from model import load, presets
from model.claims import CLAIMS, GROUPS
from model.library import preset
from tests.pages.visit import (
    boxes,
    figures,
    finding,
    html,
    number_inputs,
    opened,
    working,
)
from tests.turns import in_turn
from view.claims.claims_text import INPUT, tell
from view.words.words import LANGS, Words

#: Slow ones: a day has its part of them.
pytestmark = pytest.mark.part(4)

ORDER = list(CLAIMS)


def query(at: AppTest) -> dict[str, str]:
    return {
        key: (value if isinstance(value, str) else value[0])
        for key, value in at.query_params.items()
    }


def press(at: AppTest, key: str) -> None:
    next(one for one in at.button if one.key == f"claims|{key}").click().run()
    working(at)


@pytest.mark.part(2)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("id_", CLAIMS)
def test_every_claim(id_, lang):
    """The fact, the claim, what it leaves out, the arithmetic, a picture, where it was read."""
    claim = CLAIMS[id_]
    at = opened("claims", {"claim": id_, "scheme": claim.home}, lang=lang)
    told = tell(claim, Words(lang, strict=True))
    said = html(at)
    assert finding(at) == told.fact
    assert said.count(told.say("claim")) == 1  # once, and after the fact
    for line in (*told.leaves_out, *told.figures, told.read_on, *(b for _, b in told.lines)):
        assert line in said
    assert told.note in said
    assert len(figures(at)) == 1
    assert boxes(at) == []
    assert query(at)["claim"] == id_


@pytest.mark.part(2)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("group", GROUPS)
def test_every_claim_is_in_the_list_of_its_group(group, lang):
    at = opened("claims", {"group": group}, lang=lang)
    there = [one.key for one in at.button if one.key and one.key.startswith("claims|open-")]
    wanted = {f"claims|open-{c.id}" for c in CLAIMS.values() if c.group == group}
    assert set(there) == wanted
    assert len(there) == len(wanted)
    w = Words(lang, strict=True)
    for claim in CLAIMS.values():
        if claim.group == group and not claim.fits(load(presets()[0])):
            assert tell(claim, w).fact in html(at)


@pytest.mark.part(6)
@pytest.mark.parametrize("scheme", presets())
def test_those_that_fit_the_offer_come_first(scheme):
    at = opened("claims", {"scheme": scheme})
    there = [one.key.partition("open-")[2] for one in at.button if "|open-" in (one.key or "")]
    fits = [CLAIMS[id_].fits(load(scheme)) for id_ in there]
    assert fits == sorted(fits, reverse=True)
    # The group shown first has one, if there is any.
    assert fits[0] == any(claim.fits(load(scheme)) for claim in CLAIMS.values())


@pytest.mark.part(6)
@pytest.mark.parametrize(("scheme", "group"), in_turn(presets(), GROUPS, each=2))
def test_only_what_an_offers_own_page_says_stands_under_its_name(scheme, group):
    w = Words("en", strict=True)
    name = preset(scheme).name.en
    heads = [w("claims.fitting", name=name), w("claims.elsewhere", name=name), w("claims.others")]
    said = html(opened("claims", {"scheme": scheme, "group": group}))
    under: dict[str, str] = {}
    for part in said.split("<h2 class='wp-section'>")[1:]:
        head, _, rest = part.partition("</h2>")
        under[head] = rest
    assert list(under) == [head for head in heads if head in under]
    for claim in CLAIMS.values():
        if claim.group != group:
            continue
        fits, mine = claim.fits(load(scheme)), claim.said_of(load(scheme))
        told = tell(claim, w, load(scheme) if fits else None)
        head = heads[0] if mine and fits else heads[1] if fits else heads[2]
        assumed = f"<p class='wp-assume'>{told.assumed}</p>" if told.assumed else ""
        assert f"<p>{told.fact}</p>{assumed}<p class='wp-read'>{told.page}</p>" in under[head]
        assert told.fact not in "".join(text for at, text in under.items() if at != head)


def test_from_the_list_to_a_claim_and_on_and_back():
    at = opened("claims", {"scheme": "wine-points", "points_pool.fee": "0"})
    press(at, "open-the-first-buyer-made")
    # The numbers came along: without a fee 21 x 5.1731 are paid.
    assert "¥108.63" in finding(at)
    assert query(at)["points_pool.fee"] == "0"
    press(at, "claims.next")
    # The next one is not about wine: it brings its own scheme.
    assert query(at)["claim"] == ORDER[ORDER.index("the-first-buyer-made") + 1]
    assert query(at)["scheme"] == "cyclic-purchase@1"
    assert "points_pool.fee" not in query(at)
    press(at, "claims.previous")
    assert query(at)["claim"] == "the-first-buyer-made"
    press(at, "back")
    assert "claim" not in query(at)
    assert query(at)["group"] == "money"
    assert finding(at).startswith("Of 28 claims")


def test_its_own_numbers_are_in_the_address():
    at = opened("claims", {"claim": "the-first-buyer-made"})
    box = next(one for one in number_inputs(at) if one.key == f"claims|{INPUT}orders#")
    assert box.value == 100
    box.set_value(1).run()
    working(at)
    assert query(at)[f"{INPUT}orders"] == "1"
    # 21 points at 1.4286, less the fee: 30 x 0.9
    assert "¥27" in finding(at)
    again = opened("claims", query(at))
    assert finding(again) == finding(at)
    # The next claim starts with its own.
    press(at, "claims.next")
    assert f"{INPUT}orders" not in query(at)


@pytest.mark.parametrize("text", ["x", "-1", "0", "99999999999999999999", "1e9", "²", "1.5"])
def test_whatever_the_address_says_of_them(text):
    at = opened("claims", {"claim": "the-first-buyer-made", f"{INPUT}orders": text})
    assert "¥" in finding(at)


def test_an_unknown_claim_is_named_and_the_list_is_shown():
    at = opened("claims", {"claim": "no-such-claim"})
    assert len(boxes(at)) == 1
    assert "no-such-claim" in boxes(at)[0]
    assert finding(at).startswith("Of 28 claims")


def test_a_scheme_the_claim_is_not_about_gives_way():
    at = opened("claims", {"claim": "the-queue-makes-it-free", "scheme": "wine-points"})
    assert query(at)["scheme"] == "guild-queue@1"
    assert "30%" in finding(at)


def test_a_knob_changes_what_is_said():
    at = opened("claims", {"claim": "the-queue-makes-it-free", "refund_queue.share": "1"})
    w = Words("en", strict=True)
    # All of 100 goes into refunds of 100: everybody can be paid.
    assert w("claims.nothing_left_out") in html(at)
    assert "100%" in finding(at)


def test_an_own_scheme_has_the_claims_about_its_rules():
    at = opened("claims", {"scheme": "own:refund_queue", "claim": "the-queue-makes-it-free"})
    assert query(at)["scheme"] == "own:refund_queue"


@pytest.mark.parametrize(("page", "query"), [("check", {"before": "50"}), ("money", {})])
def test_the_other_pages_lead_here(page, query):
    at = opened(page, query)
    w = Words("en", strict=True)
    links = [one.proto.label for one in at.get("page_link")]
    assert w("claims.from_elsewhere") in links
