"""The story of the missing sponsor says what is so: mandates move first, children last."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cisim.lab.story import FUTURES, ToldStory, tell
from cisim.world.story import Story


@pytest.fixture(scope="module")
def told() -> ToldStory:
    found = tell(Story.load("missing-sponsor"), FUTURES)
    assert found is not None
    return found


def test_after_a_year_only_the_mandate_is_another(told: ToldStory) -> None:
    first, second = told.steps[:2]
    assert first.found.answer == "same"
    assert second.found.answer == "up"
    gained = [one.figures["wellbeing_gain"] for one in (first, second)]
    assert abs(gained[0] - gained[1]) < first.told.step.predict.within / 10, "nobody would notice"


def test_the_chain_goes_from_mandates_to_children(told: ToldStory) -> None:
    looked = [shown.told.step.look.outcome for shown in told.steps[1:]]
    assert looked == ["mandate_public", "trust_active", "joint_activity", "wellbeing_gain"]
    assert [shown.found.answer for shown in told.steps[1:]] == ["up"] * 4
    months = [shown.told.here.month for shown in told.steps[1:]]
    assert all(one < other for one, other in pairwise(months))


def test_what_is_told_of_how_it_goes_on_is_so(told: ToldStory) -> None:
    promises, work, children = (shown.figures for shown in told.steps[2:])
    assert promises["mandate_public"] < promises["mandate_public before"]
    assert 0 <= work["trust_active"] - work["trust_active before"] < 0.02, "it hardly grows"
    assert children["joint_activity"] < children["joint_activity before"]
    assert children["wellbeing_gain"] < told.steps[-1].told.step.predict.within * 100
