"""What compare and run print is in the language that is asked for: no word has stayed English."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from cisim import cli
from cisim.lab.rivals import theories
from cisim.show.language.spoken import ENGLISH, languages

OTHERS = [code for code in languages() if code != ENGLISH]
THEORIES = {name for names in theories().values() for name in names}
NAMES = THEORIES | {"cisim", "compare", "Town", "EUR", "ensemble"}
"""What is called the same in every language, beside names with _ or - and files."""
ALIKE = {
    "fi": {"median"},
    "sv": {"agenda", "median", "parameter", "per", "person", "region", "under"},
}
"""Words that are the same as in English, and right so."""
COMPARED = (
    "compare no-backbone national-and-regional missing-sponsor --world one-town --months 12 "
    "--replicates 4 --by-region --by-community --value --rivals --workers 1 --quiet"
)
ASSUMED = (
    "compare no-backbone national-and-regional --world one-town --months 12 --replicates 2 "
    "--uncertain --points 8 --turns effort_half --report report.html --workers 1 --quiet"
)
RUN = (
    "run champion-leaves --world one-town --months 24 --by-region --by-community "
    "--network ties.graphml --quiet"
)


def words_of(text: str) -> set[str]:
    """Return the words of three letters and more, but those of names that commands take."""
    without = re.sub(r"\S*[_/.-]\w\S*|--\S+", " ", text)
    return set(re.findall(r"[^\W\d_]{3,}", without)) - NAMES


@pytest.mark.parametrize("line", [COMPARED, ASSUMED, RUN])
def test_no_english_is_left_in_what_a_command_prints(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cisim.cli.compare.TURNING_FUTURES", 2)
    monkeypatch.setattr("cisim.show.report.network_charts", lambda result: ())

    @cache
    def printed(code: str) -> set[str]:
        assert cli.main([*line.split(), "--language", code]) == 0
        return words_of(capsys.readouterr().out)

    for code in OTHERS:
        assert len(printed(code)) > 20
        assert printed(code) & printed(ENGLISH) <= ALIKE[code]
