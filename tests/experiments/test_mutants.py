"""The trial of the tests: which changes it makes, and how it counts them."""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.scripts import load_script

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def mutants() -> ModuleType:
    return load_script("experiments/mutants.py")


SOURCE = '''"""Words."""
from __future__ import annotations

import os


def half(x: float = 1.5, deep: bool = False) -> float:
    """More words, 3 of them."""
    total = -x + 2
    if x < 0 and not deep:
        raise ValueError("no")
    total *= 0.5
    os.getcwd()
    return total
'''


def said(mutants: ModuleType, text: str) -> list[tuple[str, str]]:
    found = [mutants.mutant_of("x.py", text, n)[0] for n in range(mutants.how_many(text))]
    return [(mutant.before, mutant.after) for mutant in found]


def test_operators_comparisons_numbers_signs_conditions_and_statements_are_changed(
    mutants: ModuleType,
) -> None:
    changed = said(mutants, SOURCE)
    for pair in (
        ("total = -x + 2", "total = -x - 2"),
        ("total = -x + 2", "total = x + 2"),
        ("total = -x + 2", "total = -x + 3"),
        ("total = -x + 2", "pass"),
        ("if x < 0 and (not deep):", "if x <= 0 and (not deep):"),
        ("if x < 0 and (not deep):", "if x >= 0 and (not deep):"),
        ("if x < 0 and (not deep):", "if x < 1 and (not deep):"),
        ("if x < 0 and (not deep):", "if x < 0 or not deep:"),
        ("if x < 0 and (not deep):", "if x < 0 and deep:"),
        ("if x < 0 and (not deep):", "if True:"),
        ("if x < 0 and (not deep):", "if False:"),
        ("raise ValueError('no')", "pass"),
        ("total *= 0.5", "total /= 0.5"),
        ("total *= 0.5", "total *= 1.0"),
        ("total *= 0.5", "pass"),
        ("os.getcwd()", "pass"),
    ):
        assert pair in changed, pair
    assert any("x: float=3.0" in after for _, after in changed)
    assert any("deep: bool=True" in after for _, after in changed)
    assert not any("import" in before or "words" in before.lower() for before, _ in changed)
    assert len(changed) == len(set(changed)) == 18


def test_every_change_of_every_group_is_one_place_of_a_source_that_can_be_read(
    mutants: ModuleType,
) -> None:
    for name, group in mutants.GROUPS.items():
        sources = [path for source in group.sources for path in mutants.files_in(source)]
        assert sources, name
        assert [path for test in group.tests for path in mutants.files_in(test)], name
        some = mutants.sampled(group, 12, 5)
        assert some == mutants.sampled(group, 12, 5)
        for mutant, source in some:
            assert mutant.before != mutant.after
            whole = ast.unparse(ast.parse((ROOT / mutant.file).read_text("utf-8")))
            lines, changed = whole.splitlines(), ast.unparse(ast.parse(source)).splitlines()
            apart = len(set(lines) ^ set(changed))
            assert 1 <= apart <= 4, mutant


def test_the_page_counts_equivalent_mutants_for_themselves(
    mutants: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verdict(after: str, survived: bool) -> dict[str, Any]:
        place = {"file": "cisim/model/luck.py", "line": 3, "function": "f", "place": 0}
        return {"group": "luck", "survived": survived, "before": "a", "after": after, **place}

    same = {("cisim/model/luck.py", "a", "same"): "the numbers are equal"}
    monkeypatch.setattr(mutants, "equivalents", lambda: same)
    text = mutants.page([verdict("dead", False)] * 3 + [verdict("same", True), verdict("b", True)])
    assert "| luck | model/luck.py | 5 | 3 | 1 | 1 | 75 % | 95 % |" in text
    assert "- cisim/model/luck.py, line 3, f: `a` → `b`\n" in text
    assert "`a` → `same` (the numbers are equal)" in text
