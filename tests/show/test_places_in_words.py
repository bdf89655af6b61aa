"""What organisations without a name and made-up places are called, in each language."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.show.language.spoken import languages, speaking
from cisim.show.places_in_words import organisations, place
from cisim.show.run_in_words import ASKED, tell
from cisim.show.scenario_in_words import events_of
from cisim.show.story_in_words import title_of
from cisim.world.files import shipped
from cisim.world.scenario import Scenario
from cisim.world.story import Look
from cisim.world.world import World


def _world(name: str) -> World:
    return Scenario.load("no-backbone", world=name).world


@pytest.mark.parametrize("code", sorted(languages()))
@pytest.mark.parametrize("name", shipped("worlds"))
def test_nobody_is_called_by_a_code_or_as_another(code: str, name: str) -> None:
    world = _world(name)
    with speaking(code):
        called = organisations(world)
    assert len(called) == len(set(called)) == len(world.organisation_names)
    assert not [one for one in called if "/" in one and one not in world.organisation_names[-99:]]


def test_they_are_called_by_what_they_do_and_where() -> None:
    with speaking("fi"):
        finland, town = (organisations(_world(one)) for one in ("finland", "one-town"))
        assert place("Town") == "Kaupunki"
    assert "Nuorisotyö (Pohde, yhteisö 3)" in finland
    assert "Järjestö 2 (Pohde)" in finland
    assert "Nuorisotyö (yhteisö 4)" in town
    assert place("Pohde") == "Pohde"


def test_a_made_up_place_has_its_word_wherever_it_is_told() -> None:
    event = {"kind": "champion-leaves", "month": 6, "region": "Town"}
    here = Scenario.load("no-backbone", world="one-town", months=12, events=[event])
    look = Look(outcome="wellbeing_gain", region="Town")
    nothing = {name: np.zeros((13, 2)) for name in ASKED}
    for code, word in (("en", "Town"), ("fi", "Kaupunki"), ("sv", "Staden")):
        with speaking(code):
            for said in (events_of(here), title_of(look), tell(here, nothing)[0]):
                assert f", {word}" in said


def test_a_name_that_people_gave_stays() -> None:
    world = _world("malmo")
    given = [one.name for one in world.organisations]
    assert given
    assert organisations(world)[-len(given) :] == given
