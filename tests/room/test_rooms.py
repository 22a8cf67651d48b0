"""Rooms on the wire: who may do what, once, with or without a script."""

from __future__ import annotations

import gzip
import http.client
import re
import time
from urllib.parse import urlsplit

import pytest

from benchmarks.pupil import Pupil, key, make, sit
from benchmarks.servers import serving, with_uvicorn
from view.room import naming
from view.room.fold import MINUTES, MOST_SEATS, SOUND, steps
from view.serving import rooms as served
from view.words.words import LANGS, Words


@pytest.fixture(scope="module")
def server():
    with serving(*with_uvicorn("view.serving.rooms:app")) as found:
        yield found.url


def lead(teacher, code, **form):
    came = teacher.ask(f"/room/{code}/lead?lang=en", {"key": key(), **form})
    assert came.status == 200, (form, came.text)
    return came.text


def heading(text):
    return re.search(r"<h1[^>]*>(.*?)</h1>", text)[1]


def test_a_lesson_from_the_first_code_to_the_last_word(server):
    teacher, code, _ = make(server)
    pupils = [sit(server, code) for _ in range(3)]
    lead(teacher, code, do="go", step="guess")
    came = pupils[0].ask(f"/room/{code}?lang=en", {"do": "guess", "choice": "half", "key": key()})
    assert "About half" in heading(came.text)
    for number in range(1, 6):
        lead(teacher, code, do="go", step=f"round-{number}")
        for pupil in pupils:
            form = {"do": "move", "round": number, "act": "buy", "key": key()}
            assert "You buy." in heading(pupil.ask(f"/room/{code}?lang=en", form).text)
        lead(teacher, code, do="shut", round=number)
    lead(teacher, code, do="go", step="stop")
    told = pupils[0].ask(f"/room/{code}?lang=en").text
    assert "You paid ¥5,000" in heading(told)
    wall = Pupil(server).ask(f"/room/{code}/wall?lang=en").text
    # Fifteen orders of 1,000, of which 30 % reach the pool.
    assert "All together paid ¥15,000" in heading(wall)
    assert "¥4,500" in heading(wall)
    assert "so it was" in wall
    for step in ("talk", "sound", "offer", "end"):
        lead(teacher, code, do="go", step=step)
    assert "¥4,500 came in" in heading(Pupil(server).ask(f"/room/{code}/wall?lang=en").text)
    gone = teacher.ask(f"/room/{code}/lead", {"do": "delete", "sure": "1"})
    assert gone.status == 410
    assert pupils[0].ask(f"/room/{code}").status == 404


def test_every_screen_of_every_step_in_every_language(server):
    teacher, code, _ = make(server)
    pupil = sit(server, code)
    steps = ["join", "guess", "round-1", "round-2", "stop", "talk", "sound", "offer", "end"]
    for step in steps:
        if step != "join":
            lead(teacher, code, do="go", step=step)
        for lang in LANGS:
            for who, path in ((pupil, ""), (pupil, "/wall"), (teacher, "/lead")):
                came = who.ask(f"/room/{code}{path}?lang={lang}")
                assert came.status == 200
                assert f'<html lang="{lang}">' in came.text
                assert len(gzip.compress(came.text.encode())) < 20_000


def test_what_a_phone_loads_until_it_has_joined(server):
    _, code, _ = make(server)
    pupil = Pupil(server)
    page = pupil.ask(f"/room/{code}", script=False).text
    found = re.search(r'name="key" value="([^"]+)"', page)[1]
    after = pupil.ask(f"/room/{code}", {"do": "join", "key": found}, script=False)
    assert after.status == 303
    joined = pupil.ask(after.headers["location"], script=False).text
    assert "/news" in joined
    # Neither packed nor shared between the two.
    assert len(page.encode()) + len(joined.encode()) < 80_000
    assert len(gzip.compress(page.encode())) + len(gzip.compress(joined.encode())) < 40_000
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page + joined)


def test_looking_makes_nothing(server):
    teacher, code, _ = make(server)
    for path in ("", "/wall", "/screen?role=wall", "?lang=en", "/lead"):
        Pupil(server).ask(f"/room/{code}{path}")
        Pupil(server).ask(f"/room/{code}{path}", script=False)
    assert "Seats: 0" in teacher.ask(f"/room/{code}/lead?lang=en").text


def test_a_seat_is_taken_once_however_often_it_is_asked_for(server):
    teacher, code, _ = make(server)
    token = key()
    for _ in range(3):
        # A double click: neither has the other's cookie.
        Pupil(server).ask(f"/room/{code}", {"do": "join", "key": token})
    pupil = sit(server, code)
    for _ in range(3):
        pupil.ask(f"/room/{code}", {"do": "join", "key": key()})
    assert "Seats: 2" in teacher.ask(f"/room/{code}/lead?lang=en").text


def test_an_act_counts_once_and_the_first_one_counts(server):
    teacher, code, _ = make(server)
    pupil = sit(server, code)
    lead(teacher, code, do="go", step="round-1")
    for act in ("buy", "buy", "wait"):
        form = {"do": "move", "round": 1, "act": act, "key": key()}
        assert "You buy." in pupil.ask(f"/room/{code}?lang=en", form).text
    assert "1 bought" in lead(teacher, code, do="shut", round=1)


def test_another_phone_takes_the_seat_with_the_spoken_number(server):
    teacher, code, _ = make(server)
    first = sit(server, code)
    page = first.ask(f"/room/{code}?lang=en").text
    number = re.search(r"Your number is (\d+)", page)[1]
    second = Pupil(server)
    came = second.ask(f"/room/{code}", {"do": "back", "number": number, "key": key()})
    assert came.status == 205
    for phone in (first, second):
        assert "You have seat 1." in phone.ask(f"/room/{code}?lang=en").text
    lead(teacher, code, do="go", step="round-1")
    buy = {"do": "move", "round": 1, "act": "buy", "key": key()}
    second.ask(f"/room/{code}", buy)
    assert "You buy." in first.ask(f"/room/{code}?lang=en").text
    wrong = str(int(number[:-3]) * 1000 + (int(number[-3:]) + 1) % 1000)
    came = Pupil(server).ask(f"/room/{code}?lang=en", {"do": "back", "number": wrong, "key": key()})
    assert came.status == 404
    assert came.text == Words("en")("room.refused.number")


def test_only_the_teacher_leads(server):
    _, code, secret = make(server)
    pupil = sit(server, code)
    seat = pupil.cookies["who_pays_seat"]
    go = {"do": "go", "step": "guess", "key": key()}
    for cookies in ({}, {"who_pays_lead": key()}, {"who_pays_lead": seat}, {"who_pays_lead": code}):
        forger = Pupil(server)
        forger.cookies = cookies
        assert forger.ask(f"/room/{code}/lead", go).status == 403
        assert forger.ask(f"/room/{code}/screen?role=lead").status == 403
        assert forger.ask(f"/room/{code}/news?role=lead").status == 403
        assert forger.ask(f"/room/{code}/lead", {"do": "delete", "sure": "1"}).status == 403
    # The link opens it on as many screens as one likes; the key stands behind the #.
    for _ in range(2):
        screen = Pupil(server)
        assert screen.ask(f"/room/{code}/lead").status == 403
        assert screen.ask(f"/room/{code}/lead/open", {"key": secret}).status == 204
        assert screen.ask(f"/room/{code}/lead").status == 200
    other = Pupil(server)
    assert (
        other.ask(f"/room/{code}/lead", headers={"Authorization": f"Bearer {secret}"}).status == 200
    )
    _, another, _ = make(server)
    screen.cookies = {"who_pays_lead": secret}
    assert screen.ask(f"/room/{another}/lead").status == 403


def test_a_forged_seat_does_nothing(server):
    teacher, code, _ = make(server)
    sit(server, code)
    lead(teacher, code, do="go", step="round-1")
    for token in ("", "x", key(), naming.digest("x"), "1"):
        forger = Pupil(server)
        forger.cookies = {"who_pays_seat": token}
        form = {"do": "move", "round": 1, "act": "buy", "seat": "1", "key": key()}
        assert forger.ask(f"/room/{code}", form).status == 403
    assert "0 of 1 have decided" in teacher.ask(f"/room/{code}/lead?lang=en").text


def test_another_site_s_page_can_do_nothing(server):
    teacher, code, _ = make(server)
    told = {"Sec-Fetch-Site": "cross-site"}
    go = {"do": "go", "step": "guess", "key": key()}
    assert teacher.ask(f"/room/{code}/lead", go, headers=told).status == 403
    pupil = Pupil(server)
    assert pupil.ask(f"/room/{code}", {"do": "join", "key": key()}, headers=told).status == 403
    assert pupil.cookies == {}


def test_cookies_are_for_this_room_and_for_no_script(server):
    _, code, _ = make(server)
    came = Pupil(server).ask(f"/room/{code}", {"do": "join", "key": key()})
    (cookie,) = came.cookies
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert f"Path=/room/{code}" in cookie
    assert came.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"do": "move", "round": "1", "act": "steal"}, 400),
        ({"do": "move", "round": "2", "act": "buy"}, 409),
        ({"do": "move", "round": "x", "act": "buy"}, 400),
        ({"do": "move", "round": "１", "act": "buy"}, 400),
        ({"do": "guess", "choice": "<b>"}, 400),
        ({"do": "fly"}, 400),
        ({}, 400),
        ({"do": "guess", "choice": "x" * 9000}, 413),
        ({"do": "move", "round": "1", "act": "sell"}, 400),
    ],
)
def test_bad_posts_get_one_sentence_and_change_nothing(server, form, status):
    teacher, code, _ = make(server)
    pupil = sit(server, code)
    before = lead(teacher, code, do="go", step="round-1")
    came = pupil.ask(f"/room/{code}?lang=en", {**form, "key": key()})
    assert came.status == status
    assert came.text.endswith(".")
    assert "<" not in came.text
    left = re.compile(r'data-left="\d+"')
    now = teacher.ask(f"/room/{code}/screen?role=lead&lang=en").text
    assert left.sub("", now) == left.sub("", before)
    # The same without a script: the page with the sentence on it.
    page = pupil.ask(f"/room/{code}?lang=en", {**form, "key": key()}, script=False)
    assert page.status == status
    assert came.text.replace("“", "") in page.text.replace("“", "")


def test_what_is_no_form_is_refused(server):
    _, code, _ = make(server)
    pupil = sit(server, code)
    for told, body in (
        ({"Content-Type": "application/json"}, b"{}"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"\xff\xfe"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"&".join([b"a=b"] * 500)),
    ):
        came = pupil.ask(f"/room/{code}", headers=told, body=body, method="POST")
        assert came.status == 400
    assert pupil.ask(f"/room/{code}", method="DELETE").status == 405


def test_wrong_codes_are_one_sentence_and_at_last_too_many(server):
    for code in ("XXXXX", "nowhere", "ACDE0", "%00%00%00%00%00", "%C3%A9"):
        came = Pupil(server).ask(f"/room/{code}?lang=en")
        assert came.status in {404, 429}
        assert came.text == Words("en")("room.refused.code")
    page = Pupil(server).ask("/room?lang=en&code=ACDE0", script=False)
    assert page.status == 404
    assert Words("en")("room.refused.code") in page.text
    throttle = served.Throttle(2, 60)
    for _ in range(2):
        assert not throttle.full("a")
        throttle.count("a")
    assert throttle.full("a")
    assert not throttle.full("b")


def test_a_code_that_is_typed_leads_to_its_room(server):
    _, code, _ = make(server)
    for typed in (code, code.lower(), f"+{code[:2]}-{code[2:]}+"):
        came = Pupil(server).ask(f"/room?lang=en&code={typed}", script=False)
        assert came.status == 303
        assert came.headers["location"].startswith(f"/room/{code}")


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"rounds": "0"}, 400, "1 to 10"),
        ({"rounds": "eleven"}, 400, "1 to 10"),
        ({"crowd": "51"}, 400, "0 to 50"),
        ({"days": "9999"}, 400, "1 to 400"),
        ({"scheme": "nothing-such"}, 400, "do not hold together"),
        ({"scheme": "wine-points", "points_pool.fee": "7"}, 400, "do not hold together"),
    ],
)
def test_what_no_room_can_be_made_of(server, form, status, said):
    came = Pupil(server).ask("/room/new?lang=en", form, script=False)
    assert came.status == status
    assert said in came.text


@pytest.mark.parametrize("preset", [*served.playable()])
@pytest.mark.part(3)
def test_a_room_of_every_preset_that_can_be_played(server, preset):
    teacher, code, _ = make(server, scheme=preset, rounds="1")
    pupil = sit(server, code)
    lead(teacher, code, do="go", step="round-1")
    pupil.ask(f"/room/{code}", {"do": "move", "round": 1, "act": "buy", "key": key()})
    lead(teacher, code, do="shut", round=1)
    for step in ("stop", "talk", "sound", "offer", "end"):
        lead(teacher, code, do="go", step=step)
        assert pupil.ask(f"/room/{code}").status == 200
        assert pupil.ask(f"/room/{code}/wall").status == 200


def test_rooms_can_be_of_most_presets_and_of_one_s_own(server):
    assert len(served.playable()) >= 12
    assert SOUND in served.playable()
    own = {"scheme": "own:points_pool", "points_pool.share": "0.5", "points_pool.fee": "0.05"}
    page = Pupil(server).ask("/room/new?lang=en&scheme=own:points_pool&points_pool.share=0.5")
    assert 'name="points_pool.share" value="0.5"' in page.text
    teacher, code, _ = make(server, **own)
    sit(server, code).ask(f"/room/{code}")
    assert teacher.ask(f"/room/{code}/wall").status == 200


def test_names_are_ours_and_nothing_that_is_typed_is_shown(server):
    teacher, code, _ = make(server)
    rude = Pupil(server)
    text = "RUDEWORD"
    rude.ask(f"/room/{code}", {"do": "join", "key": key(), "name": text})
    rude.ask(f"/room/{code}", {"do": "back", "number": text, "key": key()})
    rude.ask(f"/room/{code}", {"do": "guess", "choice": text, "key": key()})
    rude.ask(f"/room/{code}?who={text}", {"do": "spin", "name": text, "key": key()})
    for path in ("/wall", "/lead"):
        assert text not in teacher.ask(f"/room/{code}{path}").text
    for number in range(4):
        came = rude.ask(f"/room/{code}", {"do": "spin", "key": key()})
        assert came.status == (200 if number < 2 else 409)


def test_a_room_that_is_full_says_so(server):
    teacher, code, _ = make(server)
    lead(teacher, code, do="robots", number=MOST_SEATS)
    came = Pupil(server).ask(f"/room/{code}?lang=en", {"do": "join", "key": key()})
    assert came.status == 409
    assert str(MOST_SEATS) in came.text


def test_news_come_at_once_and_only_what_concerns_one(server):
    teacher, code, _ = make(server)
    pupil, other = sit(server, code), sit(server, code)
    line = http.client.HTTPConnection(urlsplit(server).netloc, timeout=20)
    cookie = "; ".join(f"{k}={v}" for k, v in pupil.cookies.items())
    line.request("GET", f"/room/{code}/news?role=phone&lang=en", headers={"Cookie": cookie})
    stream = line.getresponse()
    assert stream.getheader("content-type").startswith("text/event-stream")

    def event():
        told = {}
        while (row := stream.readline().decode().strip()) or not told:
            name, _, value = row.partition(": ")
            if name:
                told.setdefault(name, []).append(value)
        return told

    assert "You have seat 1." in " ".join(event()["data"])
    other.ask(f"/room/{code}", {"do": "spin", "key": key()})
    lead(teacher, code, do="go", step="guess")
    # The other one's new name was no news for this phone.
    told = event()
    assert told["event"] == ["screen"]
    assert "How many of us" in " ".join(told["data"])
    assert int(told["id"][0]) == 5
    teacher.ask(f"/room/{code}/lead", {"do": "delete", "sure": "1"})
    assert event()["event"] == ["gone"]
    line.close()


def test_the_page_may_load_nothing_and_be_framed_by_nobody(server):
    _, code, _ = make(server)
    for path in ("/room", "/room/new", f"/room/{code}", f"/room/{code}/wall", f"/room/{code}/lead"):
        policy = Pupil(server).ask(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


def test_how_long_a_lesson_is_planned():
    planned = [MINUTES[step.partition("-")[0]] for step in steps(5)]
    assert 40 <= sum(planned) <= 45


def test_the_time_that_is_left_goes_down(server):
    teacher, code, _ = make(server)
    lead(teacher, code, do="go", step="guess")
    first = teacher.ask(f"/room/{code}/screen?role=wall").text
    time.sleep(1.1)
    second = teacher.ask(f"/room/{code}/screen?role=wall").text
    seconds = [int(re.search(r'data-left="(\d+)"', text)[1]) for text in (first, second)]
    assert seconds[0] > seconds[1]


def test_a_form_that_is_only_half_sent_is_given_up(server):
    _, code, _ = make(server)
    line = http.client.HTTPConnection(urlsplit(server).netloc, timeout=30)
    line.putrequest("POST", f"/room/{code}")
    line.putheader("Content-Type", "application/x-www-form-urlencoded")
    line.putheader("Content-Length", "100")
    line.putheader("X-Room", "1")
    line.endheaders(b"do=join")
    came = line.getresponse()
    assert came.status == 408
    line.close()
