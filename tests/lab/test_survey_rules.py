"""From answers to ties: scales, sides, missing answers, several answers, groups, names."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cisim.lab.survey.answers import Answers, a_day
from cisim.lab.survey.fit import fit
from cisim.lab.survey.importing import Imported, make_world
from cisim.lab.survey.mapping import Mapping, Measure, load_mapping, shipped_mappings
from cisim.lab.survey.proposal import propose
from cisim.lab.survey.scales import NotOnScaleError, reader, weighted
from cisim.lab.survey.spellings import alike
from cisim.lab.survey.tables import Table, separated
from cisim.lab.survey.twomode import together
from cisim.lab.survey.words import ordered, role_of
from cisim.model.input_error import InputError
from cisim.world.files import checked, parse
from cisim.world.world import World


def table(text: str, file: str = "ties.csv") -> Table:
    return separated(text, file, [])


def mapped(toml: str) -> Mapping:
    return checked(Mapping, parse(toml, "m.toml"), "m.toml") if toml else Mapping()


def made(ties: str, toml: str = "", **others: str) -> Imported:
    tables = [table(ties), *(table(text, f"{name}.csv") for name, text in others.items())]
    return make_world(tables, mapped(toml), "w")


def refused(ties: str, toml: str = "", **others: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as told:
        made(ties, toml, **others)
    return told.value.sentences


def strengths(imported: Imported) -> dict[tuple[str, str], Any]:
    return {(tie.between[0], tie.between[1]): tie.strength for tie in imported.world.ties}


TRUST = '[[ties.measures]]\ncolumn = "trust"\nkind = "trust"\nscale = [1, 4]\n'


# --- scales ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "answers", "expected"),
    [
        ([1, 4], "1 2 3 4", [0.25, 0.5, 0.75, 1]),
        ([4, 1], "4 3 2 1", [0.25, 0.5, 0.75, 1]),
        ([1, 5], "1 3 5", [0.2, 0.6, 1]),
        ([0, 10], "0 5 10", [0, 0.5, 1]),
        ([0, 1], "0 0,5 1", [0, 0.5, 1]),
        ([-2, 2], "-2 0 2", [0, 0.5, 1]),
    ],
)
def test_a_scale_of_numbers_is_strength_from_none_to_the_most(
    scale: list[float], answers: str, expected: list[float]
) -> None:
    read = reader(Measure(column="x", scale=scale), answers.split(), True, ())
    assert [read(cell) for cell in answers.split()] == pytest.approx(expected)
    with pytest.raises(NotOnScaleError, match="as the scale says"):
        read("99")
    with pytest.raises(NotOnScaleError, match="a number"):
        read("much")


def test_an_answer_may_have_its_meaning_beside_its_number() -> None:
    cells = ["1 = not at all", "4 – a great deal", "3. some", "2 (a little)"]
    read = reader(Measure(column="x", scale=[1, 4]), cells, False, ())
    assert [read(cell) for cell in cells] == [0.25, 1, 0.75, 0.5]
    with pytest.raises(NotOnScaleError):
        read("4 or 5")
    ties = "from,to,trust\n" + "".join(f'A{k},B{k},"{cell}"\n' for k, cell in enumerate(cells))
    assert propose([table(ties)]).given["ties"]["measures"][0]["scale"] == [1, 4]


def test_words_are_a_scale_in_their_order_and_none_is_nothing() -> None:
    read = reader(
        Measure(column="x", levels=["never", ["Yearly", "vuosittain"], "daily"]), [], 0, ()
    )  # type: ignore[arg-type]
    assert [read(cell) for cell in ("Never", "yearly", "Vuosittain", "DAILY")] == [0, 0.5, 0.5, 1]
    read = reader(Measure(column="x", levels=["some", "much"]), [], False, ())
    assert [read("some"), read("much")] == [0.5, 1]
    with pytest.raises(NotOnScaleError, match="allowed is some, much"):
        read("lots")


@pytest.mark.parametrize(
    "cell", ["", "NA", "n/a", "-", "?", "ei tietoa", "Vet ej", "don't know", "77"]
)
def test_what_was_not_answered_is_missing_not_nothing(cell: str) -> None:
    for measure in (Measure(column="x", scale=[0, 4]), Measure(column="x", levels=["no", "yes"])):
        assert math.isnan(reader(measure, [], False, ["77"])(cell))


def test_years_counts_and_times_have_scales_of_their_own() -> None:
    years = reader(Measure(column="x", kind="years", scale=[0, 10]), [], False, ())
    assert [years("0"), years("5"), years("40")] == [0, 0.5, 1]
    since = reader(Measure(column="x", kind="since", at=2026), [], False, ())
    assert [since("2021"), since("1.3.2026"), since("1990-01-01")] == [0.5, 0, 1]
    with pytest.raises(NotOnScaleError, match="up to 2026"):
        since("2027")
    count = reader(Measure(column="x", kind="count"), ["0", "3", "15"], False, ())
    assert [count("0"), count("3"), count("15")] == [0, pytest.approx(0.5), 1]
    assert weighted([0.5, math.nan, 1.0], [1, 5, 1]) == 0.75
    assert math.isnan(weighted([math.nan], [1]))


def test_words_for_contact_are_known_in_three_languages() -> None:
    assert ordered("contact", ["weekly", "Never", "once a month"]) == [
        "Never", "once a month", "weekly",
    ]  # fmt: skip
    assert ordered("contact", ["päivittäin", "vuosittain"]) == ["vuosittain", "päivittäin"]
    assert ordered("contact", ["varje vecka", "weekly"]) == [["varje vecka", "weekly"]]
    assert ordered("contact", ["now and then"]) is None
    assert ordered("trust", ["kyllä", "ei"]) == ["ei", "kyllä"]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-11-27", "2026-11-27"),
        ("27.11.2026", "2026-11-27"),
        ("11/27/2026", "2026-11-27"),
        ("2026", "2026-01-01"),
        ("31.2.2026", None),
        ("soon", None),
    ],
)
def test_dates_are_read_as_people_write_them(cell: str, day: str | None) -> None:
    assert str(a_day(cell)) == str(day)


# --- sides -----------------------------------------------------------------------------------

SURVEY = "from,to,trust\nA,B,4\nB,A,2\nA,C,3\n"


def test_each_side_has_its_own_strength() -> None:
    found = made(SURVEY, TRUST)
    assert strengths(found) == {("A", "B"): [1, 0.5], ("A", "C"): [0.75, "unknown"]}


def test_who_did_not_answer_is_unknown_and_who_names_nobody_else_has_no_tie() -> None:
    found = made(SURVEY, TRUST + '[organisations]\nname = "name"\n', organisations=(
        "name,sector,answered\nA,third,yes\nB,third,yes\nC,third,yes\nD,third,no\n"
    ))  # fmt: skip
    assert strengths(found)["A", "C"] == [0.75, 0]
    assert found.answers.missing == 3  # D about A, B, C
    assert found.answers.missing_share == 0.25


def test_who_names_nobody_is_taken_not_to_have_answered_unless_the_mapping_says_so() -> None:
    found = made(SURVEY, TRUST)
    assert found.answers.missing == 2
    assert any("1 organisation names nobody" in said for said in found.said)
    found = made(SURVEY, '[ties]\nsilent = "no ties"\n' + TRUST)
    assert strengths(found)["A", "C"] == [0.75, 0]
    assert found.answers.missing == 0


def test_the_other_side_stands_in_only_where_the_user_says_so() -> None:
    found = made(SURVEY, "[ties]\nother_side = true\n" + TRUST)
    assert strengths(found) == {("A", "B"): [1, 0.5], ("A", "C"): 0.75}
    assert any("stands in for 1 one" in said or "stands in" in said for said in found.said)


def test_a_tie_that_is_named_without_an_answer_is_a_tie_of_unknown_strength() -> None:
    found = made("from,to,trust\nA,B,\nB,C,3\nC,B,3\n", TRUST)
    assert strengths(found) == {("A", "B"): ["unknown", 0.0], ("B", "C"): 0.75}


def test_a_tie_that_holds_for_both_sides_is_told_once() -> None:
    found = made("from,to,trust\nA,B,4\nC,B,2\n", "[ties]\ndirected = false\n" + TRUST)
    assert strengths(found) == {("A", "B"): 1, ("B", "C"): 0.5}
    assert found.answers.missing == 0


@pytest.mark.parametrize(
    ("rule", "strength"), [("mean", 0.625), ("highest", 1.0), ("latest", 0.25)]
)
def test_several_answers_for_one_pair_follow_the_stated_rule(rule: str, strength: float) -> None:
    ties = "from,to,trust,date\nA,B,4,2024-01-01\nA,B,1,2026-05-01\nB,A,4,2025-01-01\n"
    toml = f'[ties]\nseveral = "{rule}"\ndate = "date"\n' + TRUST
    assert made(ties, toml).answers.sides[0, 1] == strength
    (said,) = refused(ties, toml.replace(rule, "refuse"))
    assert "ties.csv: row 3: 'A' and 'B' have an answer before, in row 2" in said


def test_latest_needs_a_date() -> None:
    with pytest.raises(InputError, match="needs the column of the date"):
        mapped('[ties]\nseveral = "latest"\n')


def test_no_measure_makes_every_tie_as_strong_as_any() -> None:
    found = made("from,to\nA,B\nB,A\n")
    assert strengths(found) == {("A", "B"): 1.0}
    assert not found.answers.rated


def test_several_measures_count_by_their_weight() -> None:
    toml = TRUST + '[[ties.measures]]\ncolumn = "met"\nkind = "contact"\nweight = 3\n'
    toml += 'levels = ["never", "monthly", "weekly"]\n'
    found = made("from,to,trust,met\nA,B,4,monthly\nB,A,,weekly\n", toml)
    assert found.answers.sides == {(0, 1): pytest.approx(0.625), (1, 0): 1.0}


# --- matrices and groups ---------------------------------------------------------------------


def test_a_matrix_has_a_row_for_what_each_says() -> None:
    text = ",A,B,C\nA,5,2,0\nB,1,,NA\nC,,,\n"
    toml = '[ties]\nlayout = "matrix"\n[[ties.measures]]\ncolumn = "*"\nscale = [1, 2]\n'
    found = made(text, toml)
    assert found.answers.sides == {(0, 1): 1.0, (1, 0): 0.5}
    assert found.answers.missing == 1  # B about C
    assert any("diagonal" in said for said in found.said)
    blank = made(text, toml.replace('"matrix"', '"matrix"\nblank = "missing"'))
    assert blank.answers.missing == 3  # C said nothing of A and B


def test_a_symmetric_matrix_holds_for_both_sides() -> None:
    proposal = propose([table(",A,B,C\nA,0,2,0\nB,2,0,1\nC,0,1,0\n", "m.csv")])
    assert proposal.given["ties"]["layout"] == "matrix"
    assert proposal.given["ties"]["directed"] is False
    found = make_world([table(",A,B,C\nA,0,2,0\nB,2,0,1\nC,0,1,0\n", "m.csv")],
                       proposal.mapping(), "w")  # fmt: skip
    assert strengths(found) == {("A", "B"): 0.5, ("B", "C"): 0.25}


def test_a_matrix_may_lack_the_names_of_rows_or_be_parted_by_spaces() -> None:
    for text in (
        "A,B\n0,1\n1,0\n",
        "A B\n0 1\n1 0\n",
        ";A;B\nA;0;1\nB;1;0\n",
        "A,B\nA,0,1\nB,1,0\n",
    ):
        one = table(text, "net.csv")
        found = make_world([one], propose([one]).mapping(), "w")
        assert strengths(found) == {("A", "B"): 1.0}, text


GROUPS = {"g": [0, 1, 2], "h": [0, 1], "i": [3]}


def test_who_sits_together_is_tied_by_the_stated_rule() -> None:
    assert together(GROUPS, "shared", "f") == {(0, 1): 1.0, (0, 2): 0.5, (1, 2): 0.5}
    small = together(GROUPS, "small", "f")
    assert small[0, 2] / small[0, 1] == pytest.approx(0.5 / 1.5)
    assert set(together(GROUPS, "any", "f").values()) == {1.0}
    with pytest.raises(InputError, match="groups make 499,500 pairs"):
        together({"all": range(1000)}, "shared", "f")


def test_groups_are_read_from_a_list_and_from_a_table_of_who_is_in_which() -> None:
    listed = table("member,event\nA,g\nB,g\nC,g\nA,h\nB,h\n", "m.csv")
    ticked = table("name,g,h,i\nA,1,1,0\nB,1,1,0\nC,1,0,1\n", "m.csv")
    for one in (listed, ticked):
        found = make_world([one], propose([one]).mapping(), "w")
        assert strengths(found) == {("A", "B"): 1.0, ("A", "C"): 0.5, ("B", "C"): 0.5}


# --- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Espoon 4H", "ESPOON 4-H ry"),
        ("Hämeenlinna", "Hameenlinna"),
        ("City of Espoo", "Espoo City"),
        ("Red Cross", "RedCross"),
        ("Mannerheimin liitto", "Manerheimin liitto"),
        ("Youth and school", "Youth & School"),
    ],
)
def test_two_spellings_of_one_name_are_asked_about(one: str, other: str) -> None:
    assert list(alike(["Something else", one, "Another thing", other])) == [(one, other)]


def test_names_that_numbers_or_short_words_tell_apart_are_two() -> None:
    names = ["School 1", "School 2", "School A", "School B", "North clinic", "South clinic",
             "Pazzi", "Pucci", "ACF-1", "ACF-2", "Kendall Sheriff", "Kendall Defense"]  # fmt: skip
    assert list(alike(names)) == []


def test_alike_names_are_merged_only_where_the_mapping_says_so() -> None:
    ties = "from,to\nEspoo school,B\nEspoo School ry,C\n"
    (said,) = refused(ties)
    assert "'Espoo school' (row 2) and 'Espoo School ry' (row 3) may be one" in said
    pair = '[["Espoo school", "Espoo School ry"]]'
    assert f"same = {pair} or different = {pair}" in said
    one = made(ties, f"same = {pair}\n")
    assert [o.name for o in one.world.organisations] == ["Espoo school", "B", "C"]
    two = made(ties, f"different = {pair}\n")
    assert len(two.world.organisations) == 4


def test_one_name_in_two_rows_is_asked_about() -> None:
    given = {"organisations": "name,sector\nA,third\nB,health\nA,\n"}
    (said,) = refused("from,to\nA,B\n", **given)
    assert "organisations.csv: row 4, column name: 'A' is there before, in row 2" in said
    assert len(made("from,to\nA,B\n", 'same = [["A", "A"]]\n', **given).world.organisations) == 2
    two = made("from,to\nA,B\n", 'different = [["A", "A"]]\n', **given).world.organisations
    assert [one.name for one in two] == ["A", "B", "A (2)"]


def test_a_name_that_is_nowhere_in_the_files_is_told() -> None:
    (said,) = refused("from,to\nAlpha,Beta\n", 'same = [["Alpha", "Alfa"]]\n')
    assert "same names 'Alfa', which is nowhere in the files" in said


WRONG = {
    "": "the name is empty",
    "A\x00B": "signs that cannot be seen",
    "A\u202eB": "signs that cannot be seen",
    "\x1b[2J": "signs that cannot be seen",
    '=HYPERLINK("x")': "is a formula",
    "@SUM(A1)": "is a formula",
    "+cmd|' /C calc'!A0": "is a formula",
    "x" * 201: "allowed are at most 200",
    "overall": "means all regions together",
}


@pytest.mark.parametrize("name", WRONG)
def test_hostile_and_empty_names_are_told_with_row_and_column(name: str) -> None:
    rows = table("name\nA\nB\nC\n", "organisations.csv")
    rows.rows[2][0] = name
    with pytest.raises(InputError) as told:
        make_world([table("from,to\nA,B\n"), rows], mapped('[organisations]\nname="name"\n'), "w")
    (said,) = told.value.sentences
    assert said.startswith("organisations.csv: row 4, column name: ")
    assert WRONG[name] in said
    assert said.isprintable()


def test_everything_that_is_wrong_is_told_at_once_with_file_row_and_column() -> None:
    said = refused(
        "from,to,trust\nA,A,4\nA,Bta,3\nAlpha,,2\nA,Beta,9\n",
        TRUST,
        organisations="name,sector,own_time,founder\nA,magic,0,perhaps\nBeta,health,1,yes\n",
        communities="name,children,deprivation,participates\nX,0,2,maybe\n",
    )
    expected = (
        "organisations.csv: row 2, column sector: 'magic' is no sector that is known",
        "organisations.csv: row 2, column own_time: '0' is no own time",
        "organisations.csv: row 2, column founder: 'perhaps' is neither yes nor no",
        "communities.csv: row 2, column children: is '0'",
        "communities.csv: row 2, column deprivation: is '2'",
        "communities.csv: row 2, column participates: is 'maybe'",
        "ties.csv: row 2: 'A' has a tie to itself",
        "ties.csv: row 3, column to: 'Bta' is no organisation of the files. Did you mean Beta?",
        "ties.csv: row 4, column from: 'Alpha' is no organisation",
        "ties.csv: row 4, column to: the name is empty",
        "ties.csv: row 5, column trust: is '9'; allowed is 1 to 4",
    )
    assert len(said) == len(expected)
    for words, sentence in zip(expected, said, strict=True):
        assert words in sentence


def test_a_thousand_wrong_rows_are_the_first_twenty_and_a_count() -> None:
    rows = "".join(f"A,B{k},99\n" for k in range(1000))
    said = refused("from,to,trust\nA,B,1\n" + rows, TRUST, organisations="name\nA\nB\n")
    assert len(said) == 21
    assert said[-1].startswith("These are the first 20 of 2,000 problems")


def test_self_ties_and_unknown_names_can_be_left_out() -> None:
    found = made("from,to\nA,A\nA,B\nA,Z\n", '[ties]\nself_ties = "drop"\nunknown = "drop"\n',
                 organisations="name\nA\nB\n")  # fmt: skip
    assert set(strengths(found)) == {("A", "B")}
    assert sum("left out (ties." in said for said in found.said) == 2


# --- places ----------------------------------------------------------------------------------


def test_communities_regions_and_what_is_assumed_make_the_world() -> None:
    found = made(
        "from,to\n1,2\n2,3\n",
        '[organisations]\nname = "Nimi"\nkey = "Nro"\nsector = "Ala"\ncommunity = "Kunta"\n',
        organisations="Ala,Nimi,Nro,Kunta\nKoulu,Äly,1,Forssa\nJärjestö,Työ/Apu,2,Forssa\n,Öö,3,\n",
        communities="name,region,children\nForssa,Häme,\nLoppi,Häme,900\n",
    )
    world = found.world
    assert [(o.name, o.sector, o.level, o.community) for o in world.organisations] == [
        ("Äly", "education", "local", "Forssa"),
        ("Työ-Apu", "third", "local", "Forssa"),
        ("Öö", "third", "regional", None),
    ]
    assert [(c.name, c.region, c.children) for c in world.communities] == [
        ("Forssa", "Häme", None), ("Loppi", "Häme", 900.0),
    ]  # fmt: skip
    told = "\n".join(found.said)
    for key in ("assume.sector", "assume.level", "assume.children", "assume.seed_fte",
                "assume.acquaintance", "for a slash"):  # fmt: skip
        assert key in told


def test_a_community_that_is_not_among_them_is_told() -> None:
    (said,) = refused("from,to\nA,B\n", organisations="name,community\nA,Forsa\nB,Forssa\n",
                      communities="name\nForssa\n")  # fmt: skip
    assert "community 'Forsa' is not among the communities. Did you mean Forssa?" in said


def test_two_spellings_of_a_community_are_asked_about() -> None:
    (said,) = refused("from,to\nA,B\n", organisations="name,community\nA,Forssa\nB,FORSSA\n")
    assert "'Forssa' (row 2) and 'FORSSA' (row 3) may be one" in said


def test_a_column_that_is_not_there_is_told_and_one_spelled_otherwise_is_found() -> None:
    (said,) = refused("from,to\nA,B\n", '[ties]\nfrom = "frm"\n')
    assert "ties.csv: column 'frm' of the mapping is not there. Did you mean from?" in said
    assert made("FROM,To\nA,B\n", '[ties]\nfrom = "from"\nto = "to"\n').world.ties


# --- proposals -------------------------------------------------------------------------------


def test_the_order_of_columns_and_more_columns_do_not_matter() -> None:
    usual = [table("from,to,trust\nA,B,3\nB,A,1\n"), table("name,sector\nA,health\nB,youth\n",
             "organisations.csv")]  # fmt: skip
    actors = "foo;Ala;Organisaation nimi\n1;terveys;A\n2;nuoriso;B\n"
    other = [table("x;Luottamus;Mihin;Mistä\n9;3;B;A\n8;1;A;B\n"), table(actors, "toimijat.csv")]
    worlds = [make_world(some, propose(some).mapping(), "w").world for some in (usual, other)]
    assert worlds[0].organisations == worlds[1].organisations
    assert worlds[0].ties == worlds[1].ties


def test_that_a_file_lacks_headings_is_proposed_and_said() -> None:
    proposal = propose([table("A,B\nB,C\nC,A\n", "net.csv")])
    assert proposal.given["headless"] == ["net.csv"]
    assert "net.csv: the first row has no headings (headless)." in proposal.guessed


def test_a_proposal_reads_itself_again() -> None:
    some = [table('from,to,trust,"con ""t"" act"\nA,B,3,weekly\nB,A,1,never\n'),
            table("Nimi,Ala\nA,Städ \\ x\nB,youth\n", "organisations.csv")]  # fmt: skip
    proposal = propose(some)
    assert mapped(proposal.text()) == proposal.mapping()
    assert "PUT INTO" not in proposal.text()


def test_words_whose_order_is_not_known_must_be_put_into_order() -> None:
    proposal = propose([table("from,to,trust\nA,B,lots\nB,A,a bit\n")])
    assert "PUT INTO THEIR ORDER" in proposal.text()
    with pytest.raises(InputError, match="words whose order is not known"):
        proposal.mapping()


def test_two_files_that_may_be_the_ties_are_told() -> None:
    with pytest.raises(InputError, match=r"a-ties\.csv and b-ties\.csv may both be the ties"):
        propose([table("from,to\nA,B\n", "a-ties.csv"), table("from,to\nA,B\n", "b-ties.csv")])


@pytest.mark.parametrize(
    ("file", "role"),
    [
        ("emon_Texas_edges.csv", "ties"),
        ("dhhs_2005_nodes.csv", "organisations"),
        ("survey.xlsx#Organisaatiot", "organisations"),
        ("kunnat.csv", "communities"),
        ("payers.csv", "payers"),
        ("karate.csv", None),
    ],
)
def test_names_of_files_and_sheets_tell_what_they_hold(file: str, role: str | None) -> None:
    assert role_of(file) == role


def test_every_shipped_mapping_is_right() -> None:
    assert list(shipped_mappings()) == ["partner"]
    assert sum(one.weight == 0 for one in load_mapping("partner").ties.measures) == 3


def test_a_measure_has_a_scale_or_levels() -> None:
    for wrong in ({}, {"scale": [1, 4], "levels": ["a"]}, {"scale": [2, 2]}):
        with pytest.raises(ValidationError):
            Measure(column="x", **wrong)  # type: ignore[arg-type]


# --- month 0 ---------------------------------------------------------------------------------


@given(st.data())
def test_month_0_keeps_the_order_of_any_consistent_survey(data: st.DataObject) -> None:
    n = data.draw(st.integers(4, 9))
    pairs = [(a, b) for a, b in combinations(range(n), 2) if data.draw(st.booleans())]
    rows = [
        f"N{a},N{b},{data.draw(st.integers(1, 4))}\n"
        for one, other in pairs
        for a, b in ((one, other), (other, one))
    ]
    names = "name,answered\n" + "".join(f"N{k},yes\n" for k in range(n))
    found = made("from,to,trust\n" + "".join(rows), TRUST, organisations=names)
    seen = fit(found.world, found.answers)
    assert math.isnan(seen.order) or seen.order > 0.95
    np.testing.assert_allclose(seen.model, seen.data, atol=1e-12)


def test_fit_tells_a_month_0_that_is_not_like_the_data() -> None:
    rows = "".join(f"N{a},N{b},{1 + (a + b) % 4}\n" for a in range(8) for b in range(8) if a != b)
    found = made("from,to,trust\n" + rows, TRUST)
    assert fit(found.world, found.answers).order > 0.95
    answers = found.answers
    backwards = {pair: 1.25 - value for pair, value in answers.sides.items()}
    other = Answers(backwards, answers.answered, answers.directed, answers.rated)
    assert fit(found.world, other).order < -0.9
    unlike = found.world.model_copy(update={"ties": found.world.ties[:5]})
    assert fit(unlike, found.answers).model.density < 0.5


def test_a_world_that_is_written_is_read_again() -> None:
    found = made(SURVEY, TRUST)
    again = checked(World, parse(found.text, "w.toml"), "w.toml")
    assert again == found.world
