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
ENGLISH_ONLY = set(
    re.findall(
        r"\w+",
        "the allowed number from with whole table did you mean there missing must not and that "
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
