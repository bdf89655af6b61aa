"""The documents are what the code declares, and nothing that it declares is missing from them."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

import cisim
from cisim.model import processes, state
from cisim.model.literature import SOURCES
from cisim.model.outcomes import OUTCOMES
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.model.schedule import FOUNDING, SCHEDULE
from cisim.show.documents import evidence, odd
from cisim.show.documents.chapters import Submodel, chapter, numbers_by_chapter, submodels
from cisim.show.documents.markdown import number, table, text
from cisim.show.documents.systems import SYSTEMS
from cisim.world.events import EVENTS
from cisim.world.files import Kind, shipped
from cisim.world.scenario import levers
from cisim.world.structure import NationalRoles, RegionalRoles, Structure

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROCESS_FILES = sorted(
    path for path in Path(processes.__path__[0]).glob("*.py") if path.name != "__init__.py"
)
KINDS: tuple[Kind, ...] = ("worlds", "structures", "scenarios", "cases")

the_odd = cache(odd)
the_evidence = cache(evidence)


def names_of_processes() -> list[str]:
    return [process.name for process in (*SCHEDULE, *FOUNDING)]


def lever_names() -> set[str]:
    chosen = set(Structure.model_fields) - {"title", "source", "national_roles", "regional_roles"}
    return chosen | set(NationalRoles.model_fields) | set(RegionalRoles.model_fields)


# --- they are current


def test_docs_odd_is_what_cisim_odd_prints() -> None:
    written = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    assert written == the_odd(), "docs/odd.md is old: cisim odd > docs/odd.md"


def test_docs_evidence_is_what_cisim_evidence_prints() -> None:
    written = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    assert written == the_evidence(), "docs/evidence.md is old: cisim evidence > docs/evidence.md"


# --- nothing is missing


@pytest.mark.parametrize("name", Parameters.model_fields)
def test_every_parameter_and_constant_is_in_both(name: str) -> None:
    row = f"| `{name}` | {number(declarations(Parameters)[name].default)} "
    assert the_odd().count(row) == 1
    assert the_evidence().count(row) == 1


@pytest.mark.parametrize("name", sorted(lever_names()))
def test_every_lever_is_in_both(name: str) -> None:
    assert f"`{name}`" in the_odd()
    assert f"`{name}`" in the_evidence()


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_outcome_is_in_the_odd(name: str) -> None:
    assert re.search(rf"^\| (\*\*)?`{name}`(\*\*)? \|", the_odd(), re.MULTILINE)


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_is_in_the_odd(name: str) -> None:
    assert f"| `{name}` |" in the_odd()


@pytest.mark.parametrize("name", names_of_processes())
def test_every_process_is_in_both(name: str) -> None:
    assert f"`{name}`" in the_odd()
    assert f"| `{name}` |" in the_evidence()


@pytest.mark.parametrize("kind", KINDS)
def test_every_shipped_file_is_in_the_odd(kind: Kind) -> None:
    assert [name for name in shipped(kind) if f"`{name}`" not in the_odd()] == []


@pytest.mark.parametrize("key", SOURCES)
def test_every_source_is_in_the_evidence_with_its_stake(key: str) -> None:
    row = next(line for line in the_evidence().splitlines() if line.startswith(f"| {key}"))
    assert text(SOURCES[key].reference) in row
    assert text(SOURCES[key].stake) in row


@pytest.mark.parametrize(
    "table_of", ["Organisations", "Ties", "Communities", "Regions", "Sponsors"]
)
def test_every_column_of_the_state_is_in_the_odd(table_of: str) -> None:
    section = the_odd().split(f"\n### {table_of}\n")[1].split("\n### ")[0]
    columns = [part.name for part in fields(getattr(state, table_of))]
    assert [name for name in columns if not re.search(rf"\b{name}\b", section)] == []


# --- the order of the ODD protocol


def test_the_odd_has_the_seven_elements_in_their_order() -> None:
    headings = re.findall(r"^## (\d\. .*)$", the_odd(), re.MULTILINE)
    assert headings == [
        "1. Purpose and patterns",
        "2. Entities, state variables and scales",
        "3. Process overview and scheduling",
        "4. Design concepts",
        "5. Initialization",
        "6. Input data",
        "7. Submodels",
    ]


def test_the_odd_has_the_eleven_design_concepts_in_their_order() -> None:
    section = the_odd().split("\n## 4. Design concepts\n")[1].split("\n## ")[0]
    assert re.findall(r"^### (.*)$", section, re.MULTILINE) == [
        "Basic principles",
        "Emergence",
        "Adaptation",
        "Objectives",
        "Learning",
        "Prediction",
        "Sensing",
        "Interaction",
        "Stochasticity",
        "Collectives",
        "Observation",
    ]


def test_submodels_stand_in_the_order_of_the_schedule() -> None:
    found = re.findall(r"^### 7\.\d+ .* \(`(\w+)`\)$", the_odd(), re.MULTILINE)
    assert found == [process.name for process in SCHEDULE]


def test_every_table_has_rows_of_one_width() -> None:
    for document in (the_odd(), the_evidence()):
        for block in re.findall(r"(?:^\|.*\n)+", document, re.MULTILINE):
            widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
            assert len(widths) == 1, block.splitlines()[0]


# --- docstrings that the documents are made of


@pytest.mark.parametrize("path", PROCESS_FILES, ids=lambda path: path.stem)
def test_every_process_file_says_where_it_comes_from(path: Path) -> None:
    said = chapter(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")), clean=False))
    assert said.title
    assert said.fields["Source"]


@pytest.mark.parametrize("one", submodels(), ids=lambda one: one.name)
def test_the_odd_says_of_a_process_what_it_declares_to_read_and_write(one: Submodel) -> None:
    section = the_odd().split(f"(`{one.name}`)\n")[1].split("\n### ")[0]
    for field, declared in (("Reads", one.reads), ("Writes", one.writes)):
        said = re.search(rf"\*\*{field}:\*\* (.*)", section)
        assert said is not None
        at, found = "", []
        for place in re.split(r"[,;] ", said.group(1).replace("\\", "")):
            at = place.partition(".")[0] or at
            found.append(place if not place.startswith(".") else at + place)
        assert found == list(declared)


@pytest.mark.parametrize("one", submodels(), ids=lambda one: one.name)
def test_equations_name_no_number_that_is_declared(one: Submodel) -> None:
    """Defaults such as .18 or 72 stand in one place; 0, 1 and what has a shape's reason may."""
    structural = {0.0, 0.5, 1.0, 2.0, 3.0, 1000.0}
    equations = "".join(re.findall(r"```text\n(.*?)```", one.chapter.body, re.DOTALL))
    used = {declarations(Parameters)[name].default for name in one.uses} - structural
    written = {float(found) for found in re.findall(r"(?<![\w.])(\d*\.?\d+)", equations)}
    assert not used & written


def test_every_number_is_declared_in_one_chapter() -> None:
    homes = numbers_by_chapter()
    listed = [declared.name for group in homes.values() for declared in group]
    assert sorted(listed) == sorted(Parameters.model_fields)
    assert {one.name for one in homes["elections"]} >= {"election_first", "official_tenure"}


# --- what runs of the sources


def test_every_row_of_the_sources_has_its_own_key() -> None:
    assert [one.key for one in SYSTEMS] == [f"S{place}" for place in range(1, 27)]


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.key)
def test_what_carries_a_system_exists(system: object) -> None:
    assert isinstance(system, type(SYSTEMS[0]))
    known = {
        *Parameters.model_fields,
        *levers(),
        *lever_names(),
        *OUTCOMES,
        *EVENTS,
        *names_of_processes(),
        *(name for kind in KINDS for name in shipped(kind)),
    }
    assert set(system.carried_by) <= known
    assert bool(system.missing) == (system.state != "runs")


# --- the README


@pytest.mark.parametrize("target", re.findall(r"(?<!!)\[[^\]]*\]\(([^)#:]+)\)", README))
def test_links_of_the_readme_lead_somewhere(target: str) -> None:
    if target == "docs/comparison.svg":
        return
    assert (ROOT / target).exists()


def test_the_readme_has_the_two_commands_and_the_lines_without_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for goal in ("demo", "test"):
        assert f"make {goal}" in README
        assert re.search(rf"^{goal}:", makefile, re.MULTILINE)
    for lock in re.findall(r"requirements[\w-]*\.lock", README):
        assert (ROOT / lock).exists()


def test_the_python_example_of_the_readme_uses_names_that_exist() -> None:
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert example is not None
    ast.parse(example.group(1))
    for name in set(re.findall(r"cisim\.(\w+)", example.group(1))):
        assert hasattr(cisim, name)


def test_the_readme_counts_supported_sizes_as_the_declarations_do() -> None:
    sized = [one for one in declarations(Parameters).values() if "size" in one.evidence.supports]
    words = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    assert f"the size of {words[len(sized)]} is supported" in README
    assert f"Of {len(Parameters.model_fields)} numbers" in README


# --- Markdown


def test_text_means_itself() -> None:
    assert text("k*_i and v~_z,\n  `a * b`") == r"k\*_i and v\~_z, `a * b`"


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert table(["a"], [["|u - w|"]]).splitlines()[-1] == r"| \|u - w\| |"


@pytest.mark.parametrize(
    ("value", "shown"), [(60.0, "60"), (0.12, "0.12"), (100_000.0, "never"), (None, "–")]
)
def test_numbers_are_written_as_people_write_them(value: float | None, shown: str) -> None:
    assert number(value) == shown
