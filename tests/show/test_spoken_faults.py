"""What is wrong in a file is told in the language that is spoken; the English stays."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from cisim import cli
from cisim.model.input_error import InputError
from cisim.show.language.spoken import ENGLISH, languages, speaking
from cisim.show.page.address.checks import plainly
from cisim.show.page.address.scenario_file import look_of
from cisim.show.page.partnership.upload import Upload, read
from cisim.show.page.views.own import problem
from cisim.show.told import told
from cisim.world.joint_points import read_joint_points
from cisim.world.policy import find_policy
from cisim.world.scenario import Scenario, load_world
from cisim.world.story import Story

OTHERS = [code for code in languages() if code != ENGLISH]
GOOD = 'title = "A"\nworld = "one-town"\nstructure = "regional"\n'
DAMAGED = {
    "": "is empty",
    "title = A": "Invalid value (at line 1, column 9)",
    'title = "A': "Unterminated string",
    'title = “A”\n': "straight quotation marks",
    f"{GOOD}months = 1,5\n": "a number with a point",
    f'{GOOD}[parameters]\ntrust_memory = 9\n[parameters]\n': "Cannot declare",
    f"{GOOD}mounths = 3\n": "Did you mean months?",
    f"{GOOD}months = 0\n": "allowed is a whole number from 1 to 12000 (months)",
    f"{GOOD}note = 3\n": "note is 3; allowed is text",
    f"{GOOD}events = 3\n": "events is 3; allowed is a list (of a table)",
    f'title = "{300 * "x"}"\n': "allowed is text of at most 200 characters",
    f"{GOOD}[parameters]\ntrust_memory = 0.5\n": "allowed is a number from 1 to 600 (months)",
    f"{GOOD}[parameters]\ntrust_memry = 5\n": "is not a parameter. Did you mean trust_memory?",
    f'{GOOD}[structure_changes]\nsponsor_link = "x"\n': "allowed is a number from 0 to 1",
    f"{GOOD}[[events]]\nmonth = 3\n": "events[0].kind is missing; it must be one of election",
    f'{GOOD}[[events]]\nkind = "electoin"\nmonth = 3\n': "Did you mean election?",
}  # fmt: skip
TABLES = {
    "sponsors.csv": "kind;region;link;elections\nx;;;\nhealth;;;12\nhealth;;near;\n",
    "payers.csv": "name;kind;year_price;2027\nA;x;;\nB;county;;4\nsponsors;county;;\n"
    "C;county;1;-4\nD;sponsor;;\nE;organisation;;\nF;county;1;many\n",
    "backbones.csv": "where;region;fte;from;until;payer;after;cap\nnowhere;;1;0;9;C;;\n"
    "national;Oulu;1;0;9;C;;\nregional;;;0;9;C;;\nregional;;1;9;3;C;;\nregional;;1;0;;C;D;\n"
    "regional;;1;0;9;C;;1\nregional;;1;0;9;sponsors;;1\nregional;;;0;9;sponsors;;\n"
    'national;;;0;9;sponsors;;1\nregional;;1;0;"2027-13";C;;\nregional;;1;0;9;;;\n',
    "mapping.toml": '[ties]\nfrom = "A"\nto = "B"\nmeasures = [{column = "C"}, {column = "D", '
    'scale = [1, 1]}]\n[assume]\nsector = "x"\nstart = "2027"\n',
}
"""What somebody may give beside the two tables of a partnership, with many slips in each."""
TIES = ("ties.csv", b"from;to;trust\nA;B;3\nB;C;4\nC;A;1\n")
ENGLISH_ONLY = set(
    re.findall(
        r"\w+",
        "the allowed number with whole table did you mean there missing must not and that "
        "which another line column least most above below value values string document declare "
        "twice given names this whose is are has have no none or of as it",
    )
)
"""Words of English sentences that neither other language has, nor a name in a file."""


def words(text: str) -> set[str]:
    """Return the words of a text, but those of names with a hyphen."""
    return set(re.findall(r"[^\W\d_]+", re.sub(r"\w+(-\w+)+", "", text)))


def said(text: str) -> str:
    with pytest.raises(InputError) as found:
        look_of(text, "a.toml")
    return plainly(str(found.value))


@pytest.mark.parametrize("text", DAMAGED)
def test_what_is_wrong_in_a_scenario_file_is_told_in_the_language_that_is_spoken(text: str) -> None:
    english = said(text)
    assert DAMAGED[text] in english
    for code in OTHERS:
        with speaking(code):
            there = said(text)
        assert there.startswith("a.toml")
        assert there != english
        assert not words(there) & ENGLISH_ONLY, there


@pytest.mark.parametrize("name", TABLES)
def test_what_is_wrong_in_tables_and_mappings_is_told_in_the_language_that_is_spoken(
    name: str,
) -> None:
    upload = Upload((TIES, (name, TABLES[name].encode())))

    def told(code: str) -> list[str]:
        with speaking(code):
            return [problem(one)["what"] for one in read(upload).problems]

    english = told(ENGLISH)
    assert len(english) > 2
    for code in OTHERS:
        there = told(code)
        assert len(there) == len(english)
        for one in there:
            assert not words(one) & ENGLISH_ONLY, one


STORY = """
title = "A"
about = "B."
source = "C"
world = "one-town"
""" + "".join(
    f"""
[[steps]]
title = "S"
scenario = "missing-sponsor"
month = {month}
text = "{text}"
look = {{ outcome = "{look}" }}
[steps.predict]
question = "Q?"
within = 1
"""
    for month, text, look in (
        (6, "One. {members} take part.", "members"),
        (12, "Here are 7 of them. And {members in Nowhere}.", "members"),
        (12, "One sentence.", "membres"),
        (18, "{mem bers}. {members change} more.", "members"),
    )
)
"""A story with a slip in each of its steps."""


def test_what_is_wrong_in_a_story_is_told_in_the_language_that_is_spoken() -> None:
    with pytest.raises(InputError) as found:
        Story.read(STORY, "a.toml", "a")
    english = found.value.sentences
    for words_ in (
        "steps[1].text has the number 7; allowed are years",
        "steps[1].text, {members in Nowhere}, is of 'Nowhere', which is no region",
        "steps[2].text has 1 sentences; allowed are two or three.",
        "steps[2].look is 'membres', which is not an outcome. Did you mean members?",
        "steps[3].text has the placeholder 'mem bers'; allowed is an outcome",
        "steps[1].predict asks about the state that it stands in",
        "steps[3].predict.then is missing; the last step has no next one",
    ):
        assert any(words_ in one for one in english), (words_, english)
    for code in OTHERS:
        with speaking(code):
            for one in english:
                there = plainly(one)
                assert there != one
                assert not words(there.replace("'mem bers'", "")) & ENGLISH_ONLY, there


TOWN = """title = "A"
source = "B"
locals = []
bodies = []
acquaintance = "drawn"
deprivation_low = 0.5
deprivation_high = 0.2
[[regions]]
name = "North"
communities = 3
seed_fte = 1
[[regions]]
name = "South"
seed_fte = 1
[[communities]]
name = "Hill"
region = "Nrth"
[[communities]]
name = "Hill"
region = "North"
"""
PEOPLE = "".join(
    f"[[organisations]]\nname = {name!r}\nsector = 'health'\n{more}\n"
    for name, more in (
        ("X", "level = 'local'\ncommunity = 'Hil'"),
        ("X", "level = 'regional'\ncommunity = 'Hill'"),
        ("Y", "level = 'regional'"),
        ("Z", "level = 'local'"),
    )
) + "".join(
    f"[[ties]]\nbetween = {pair}\n{more}\n"
    for pair, more in (
        (["X", "W"], ""),
        (["X", "X"], ""),
        (["Y", "Z"], "strength = ['unknown', 'unknown']"),
        (["Y", "Z"], ""),
    )
)
WORLDS = {
    TOWN + PEOPLE: (
        "deprivation_low is 0.5, above deprivation_high, which is 0.2",
        "communities[1].name is 'Hill', as is that of communities[0]",
        "communities is 3, but 1 are named; allowed is that number, or nothing",
        "participating is missing; it is needed where no community is named",
        "region is 'Nrth', which is no region of this world. Did you mean North?",
        "organisations[0] (X): community is 'Hil', which is no community of this world.",
        "organisations[1].name is 'X', as is that of organisations[0]",
        "ties[0].between names 'W', which is no organisation of this world.",
        "ties[1].between is 'X' twice; a tie needs two",
        "strength is unknown on both sides; leave it out",
        "ties[3].between is ['Y', 'Z'], a pair that is given before, in ties[2]",
        "the ties that are given (4); allowed with ties is given or both",
    ),
    TOWN.replace("South", "North"): (
        "locals, bodies and organisations are all empty; somebody must be there",
        "regions must have names of their own; North is given twice",
    ),
}
STAFF = """title = "A"
world = "one-town"
structure = "regional"
[structure_changes]
"""
POST = "where = 'regional', fte = 1, from = 0"
OURS = "payer = 'foundation'"
PLANS = {
    f"{STAFF}posts = [{{{POST}, payer = 'Nobody'}}]\n": "and no payer is called so; allowed is one",
    f"{STAFF}posts = [{{{POST}, payer = 'P'}}]\n[[structure_changes.payers]]\nname = 'P'\n"
    "kind = 'county'\nregion = 'Town'\n": "which pays in 'Town' only, but the post is in every",
    f"{STAFF}same_money_as = 'both-backbones'\n": "gives all the money that there is, and",
    f"{STAFF}left_out = ['Nobody']\n": "left_out[0] is 'Nobody', which is no organisation of this",
    f"{STAFF}posts = [{{{POST}, {OURS}, region = 'X'}}]\n": "is not a region of the world.",
    f"{STAFF}sponsors = ['health', 'health']\n": "sponsors names one kind twice; health may be",
    f"{STAFF}[[events]]\nkind = 'election'\nmonth = 999\n": "month is 999; allowed is 0 to 119",
    f"{STAFF}[parameters]\nfoo = 1\n": "foo is not a parameter",
    f"{GOOD}[[evidence]]\nnumbers = ['mnths', 'months']\nsource = 'K26'\n": (
        "which is no number of this file."
    ),
    f"{GOOD}months = 9\n[[evidence]]\nnumbers = ['months', 'months']\nsource = 'K26'\n": (
        "of which is told before; allowed is once"
    ),
    TOWN: "is a world, not a scenario; name it in a scenario, or run one with it",
}


def told_in_each(english: tuple[str, ...]) -> None:
    for code in OTHERS:
        with speaking(code):
            for one in english:
                there = plainly(one)
                assert there != plainly(str(one))
                assert (
                    not words(re.sub(r"\w+_\w+|no-backbone|'[^']*'|\"[^\"]*\"", "", there))
                    & ENGLISH_ONLY
                ), there


@pytest.mark.parametrize("text", WORLDS)
def test_what_is_wrong_in_a_world_is_told_in_the_language_that_is_spoken(
    text: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.toml"
    file.write_text(text)
    with pytest.raises(InputError) as found:
        load_world(file)
    english = found.value.sentences
    for words_ in WORLDS[text]:
        assert any(words_ in one for one in english), (words_, english)
    told_in_each(english)


@pytest.mark.parametrize("text", PLANS)
def test_what_is_wrong_in_a_plan_is_told_in_the_language_that_is_spoken(text: str) -> None:
    with pytest.raises(InputError) as found:
        Scenario.read(text, "a.toml", "a")
    assert PLANS[text] in str(found.value)
    told_in_each(found.value.sentences)


def test_what_is_wrong_with_a_policy_is_told_in_the_language_that_is_spoken() -> None:
    for given, words_ in (
        ("nothing", "policy is 'nothing'; allowed is module:function, as"),
        ("cisim.nowhere:at", "cannot be imported (ModuleNotFoundError"),
        ("cisim.lab.policies:staged", "has no staged. Did you mean staged_entry?"),
        (lambda model: None, "policy is a lambda of"),
    ):
        with pytest.raises(InputError) as found:
            find_policy(given)
        assert words_ in str(found.value)
        for code in OTHERS:
            with speaking(code):
                there = re.sub(r"\(Mod.*?\)", "", plainly(str(found.value)))
            assert not words(there) & ENGLISH_ONLY, there


def test_ensembles_that_ship_are_listed_in_the_language_that_is_spoken() -> None:
    with pytest.raises(InputError) as found:
        read_joint_points("guessed")
    assert "self-reported or evaluated" in told(found.value.sentences[0])
    for code in OTHERS:
        with speaking(code):
            there = told(found.value.sentences[0])
        assert "self-reported" in there
        assert not words(there) & {*ENGLISH_ONLY, "or"}, there


def test_a_sentence_that_went_to_another_process_can_still_be_told() -> None:
    with pytest.raises(InputError) as found:
        look_of("", "a.toml")
    back = pickle.loads(pickle.dumps(found.value))
    assert str(back) == "a.toml: is empty; allowed is a TOML file with at least a title."
    with speaking("fi"):
        assert plainly(str(back)).startswith("a.toml: tiedosto on tyhjä")


@pytest.mark.parametrize("code", OTHERS)
def test_a_command_says_what_is_wrong_in_the_language_that_is_asked_for(
    code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.toml"
    file.write_text(f"{GOOD}mounths = 3\n")
    assert cli.main(["run", str(file), "--language", code]) == 2
    there = capsys.readouterr().err
    assert "mounths" in there
    assert "months?" in there
    assert not words(there) & ENGLISH_ONLY, there
