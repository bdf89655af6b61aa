"""Who carries which function of leadership: tables, and functions that nobody holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from cisim import Scenario
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.world.functions import load_functions, usual
from cisim.world.structure import Structure
from cisim.world.unheld import unheld, unheld_in_words

OWN = {"initiator": ["lead"], "champion": ["sponsors"], "broker": []}


def test_the_table_that_ships_is_table_3() -> None:
    assert load_functions("k26").holders["meta_governor"] == (
        "implementation", "evaluation", "local_support", "knowledge_gatherer",
    )  # fmt: skip
    assert usual().holders == load_functions("k26").holders


def test_a_structure_names_a_file_or_holds_a_table(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('title = "Ours"\ninitiator = ["lead"]\nchampion = ["sponsors", "bridge"]\n')
    town = Scenario.load("national-and-regional").with_(world="test-region")
    named = town.with_(structure_changes={"functions": str(file)})
    assert named.holders["champion"] == ("bridge", "sponsors")
    assert named.holders["broker"] == ()
    assert named.holders == town.set({"functions": str(file)}).holders
    again = Scenario.from_resolved(named.resolved())  # a manifest knows it without the file
    assert again.holders == named.holders


def test_one_function_of_the_usual_table_can_be_given_to_others() -> None:
    changed = Scenario.load("national-only").set({"functions.initiator": ["lead"]})
    assert changed.holders == {**usual().holders, "initiator": ("lead",)}


def test_outcomes_follow_the_table_and_nothing_else_does() -> None:
    usual_one = Scenario.load("national-and-regional").with_(world="test-region", months=6)
    own = usual_one.with_(structure_changes={"functions": OWN})
    tables = [CollectiveImpactModel(one, 2).run().outcomes() for one in (usual_one, own)]
    here, there = (table.iloc[-1] for table in tables)
    assert there["function_broker"] == 0.0 < here["function_broker"]
    assert there["function_champion"] == there["function_sponsor"] == here["function_sponsor"]
    assert here["function_champion"] > 0.0
    same = [name for name in tables[0] if not name.startswith("function_")]
    assert tables[0][same].equals(tables[1][same])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"initiatr": ["lead"]}, "functions.initiatr is not a field. Did you mean initiator?"),
        ({"initiator": ["boss"]}, 'functions.initiator[0] is "boss"'),
        ({"initiator": ["lead", "lead"]}, "initiator has lead twice; allowed is once"),
        ("k27", "'k27' is not a table of functions or the path of a .toml file. Did you mean k26?"),
    ],
)
def test_a_table_that_is_wrong_is_told(given: object, words: str) -> None:
    with pytest.raises(InputError) as refused:
        Scenario.load("no-backbone").with_(structure_changes={"functions": given})
    assert words.replace("'", '"') in str(refused.value).replace("'", '"')


def test_a_table_is_no_scenario(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('title = "Ours"\ninitiator = ["lead"]\n')
    with pytest.raises(InputError, match="is a table of functions, not a scenario"):
        Scenario.load(file)


# --- functions that nobody holds


def test_without_the_national_level_nobody_begins_and_nobody_disturbs() -> None:
    regional = Structure(regional=True)
    assert unheld(regional) == {"initiator": "futures", "catalyst": "futures"}
    (told,) = unheld_in_words(regional)
    assert told.startswith("Functions that nobody holds: initiator (carried by futures), catalyst")


def test_without_any_backbone_a_lead_organisation_may_stand_in_for_the_regional_one() -> None:
    told = unheld(Structure(sponsors=[]))
    assert {name for name, who in told.items() if who != "lead"} == {
        "initiator", "catalyst", "sponsor",
    }  # fmt: skip
    assert told["implementor"] == "lead"


def test_both_levels_and_sponsors_hold_all_nine() -> None:
    assert unheld(Structure(national_fte=4.0, regional=True)) == {}
    assert unheld_in_words(Structure(national_fte=4.0, regional=True)) == []


def test_sponsors_without_a_link_hold_nothing() -> None:
    cut = Structure(national_fte=4.0, regional=True, sponsor_link=0.0)
    assert unheld(cut) == {"sponsor": "sponsors"}


def test_posts_and_academic_partners_hold_what_they_do() -> None:
    post = {"where": "national", "fte": 1.0, "payer": "foundation", "roles": {"futures": 1.0}}
    held = unheld(Structure.model_validate({"posts": [post], "academic_fte": 0.5}))
    assert "initiator" not in held
    assert "broker" not in held
    assert held["champion"] == "lead"


def test_a_role_without_time_holds_nothing() -> None:
    roles = {"futures": 0.0}
    found = unheld(Structure.model_validate(
        {"national_fte": 4.0, "regional": True, "national_roles": roles}))  # fmt: skip
    assert set(found) == {"initiator", "catalyst"}
