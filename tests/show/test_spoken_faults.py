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
