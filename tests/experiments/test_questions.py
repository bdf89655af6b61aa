"""The questions that planners ask: each has a command that runs, and the answers are current."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from types import ModuleType

import pytest

from cisim import cli
from tests.scripts import load_script

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def questions() -> ModuleType:
    return load_script("experiments/questions.py")


def test_every_question_stands_on_the_page_with_its_command(questions: ModuleType) -> None:
    page = questions.PAGE.read_text(encoding="utf-8")
    assert page.count("\n## ") == len(questions.QUESTIONS) == 12
    for question in questions.QUESTIONS:
        heading = f"## {question.words}\n\n```sh\n{question.command}\n```\n\n*"
        assert heading in page, question.words
        assert not question.care or question.care in page


def test_an_answer_is_that_of_its_command(
    questions: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of each kind of option one: another world, a parameter that is set."""
    last = questions.QUESTIONS[-1]
    question = last._replace(command=last.command.replace("--replicates 20", "--replicates 4"))
    words = [*shlex.split(question.command)[1:], "--workers", "1", "--quiet", "--json"]
    assert cli.main(words) == 0
    said = json.dumps(json.loads(capsys.readouterr().out))
    found = questions.compared(question)
    first, second = found.names
    for name in (first, second):
        assert str(float(found.ensembles[name].at("wellbeing_gain").mean()))[:12] in said
    assert questions.answer(question).startswith(f"*{found.ensembles[first].scenario.title}*")


def test_every_command_runs(questions: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    for question in questions.QUESTIONS:
        command = question.command.replace("--replicates 20", "--replicates 2 --months 130")
        if "finland-2020" not in command:
            command = command.replace("--months 130", "--months 96")
        assert cli.main([*shlex.split(command)[1:], "--workers", "1", "--quiet"]) == 0, command
        assert "wellbeing_gain" in capsys.readouterr().out


@pytest.mark.slow
def test_the_answers_are_those_of_the_runs(questions: ModuleType) -> None:
    kept = questions.PAGE.read_text(encoding="utf-8")
    assert kept == questions.page(), "docs/questions.md is old: python experiments/questions.py"
