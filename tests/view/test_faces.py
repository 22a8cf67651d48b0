"""Each mechanism's settings, as its folder says them."""

from __future__ import annotations

import pytest

from model import load, presets
from model.scheme import KINDS, scheme_parameters
from view.mechanisms.face import faces, meant, works
from view.parts import context, knobs

assert context  # registers the parameters' English words
PARAMETERS = scheme_parameters()


def test_every_kind_has_a_folder_and_no_folder_is_without_a_kind():
    assert set(faces()) == set(KINDS)


@pytest.mark.parametrize("kind", faces())
def test_a_face_names_settings_that_there_are(kind):
    face = faces()[kind]
    fields = {name for name in KINDS[kind].model_fields if f"{kind}.{name}" in PARAMETERS}
    grouped = [name for group in face.groups for name in group.names]
    named = {*face.weight, *grouped, *face.main, *face.more, *face.choices, *face.stops}
    named |= {*face.meant, *face.works, *face.takes, *face.told, *face.tables}
    named |= {face.limit} - {""}
    assert len(grouped) == len(set(grouped))
    assert not set(face.main) & set(face.more)
    for name in named:
        assert name in fields or name in PARAMETERS, name
    for name, options in face.choices.items():
        assert set(options) == set(PARAMETERS[f"{kind}.{name}"].choices)
    assert set(face.beside) <= set(PARAMETERS)
    asked = {*face.main, *face.more}
    assert {n for n in asked if PARAMETERS[f"{kind}.{n}"].unit == "list"} == set(face.tables)


def test_what_a_seller_is_asked_has_a_place_of_its_own():
    places = [face.ask.place for face in faces().values() if face.ask is not None]
    assert len(places) == len(set(places)) > 1


@pytest.mark.parametrize("name", presets())
def test_what_works_has_a_meaning_and_what_is_shown_works(name):
    scheme = load(name)
    for mechanism in scheme.mechanisms:
        for field in KINDS[mechanism.kind].model_fields:
            assert meant(scheme, mechanism, field) or not works(scheme, mechanism, field)
    shown = [*knobs.headline(scheme), *(key for group in knobs.more(scheme) for key in group.keys)]
    assert len(shown) == len(set(shown))
    assert all(knobs.does_something(scheme, key) for key in shown)
