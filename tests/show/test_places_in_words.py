"""What organisations without a name and made-up places are called, in each language."""

from __future__ import annotations

import pytest

from cisim.show.language.spoken import languages, speaking
from cisim.show.places_in_words import organisations, place
from cisim.world.files import shipped
from cisim.world.scenario import Scenario
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


def test_a_name_that_people_gave_stays() -> None:
    world = _world("malmo")
    given = [one.name for one in world.organisations]
    assert given
    assert organisations(world)[-len(given) :] == given
