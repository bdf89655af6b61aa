"""`cisim template` and `cisim import`: a partnership from one's own files, as a person does it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import cisim
from cisim import cli
from cisim.lab.survey.mapping import load_mapping
from cisim.lab.survey.template import KINDS, files
from cisim.world.files import shipped
from cisim.world.scenario import load_world

Call = Callable[..., tuple[int, str, str]]
DATA = Path(__file__).parents[2] / "shared" / "data"
REAL = {
    "emon_HurrFrederic": (21, 118),
    "emon_LakePomona": (20, 148),
    "emon_Texas": (25, 186),
    "emon_Wichita": (20, 149),
    "dhhs_tobacco_leaders_2005": (54, 447),
}
"""How many organisations and rows of ties each has."""
TIES = "from,to,trust\nTyö,Äly,4\nÄly,Työ,2\nTyö,Öö,1\nÖö,Työ,3\n"


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    monkeypatch.chdir(tmp_path)

    def run(*line: str) -> tuple[int, str, str]:
        code = cli.main(list(line))
        out, err = capsys.readouterr()
        return code, out, err

    return run


def write(name: str, text: str) -> str:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(text, "utf-8")
    return name


# --- templates -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("semicolon", [False, True])
def test_a_template_imports_as_it_is(kind: str, semicolon: bool, call: Call) -> None:
    more = ["--semicolon"] if semicolon else []
    code, out, err = call("template", "a place", "--with", kind, *more)
    assert (code, err) == (0, "")
    assert "cisim import 'a place' -o world.toml" in out
    code, out, err = call("import", "a place", "-o", "w.toml", "--json")
    assert (code, err) == (0, ""), err
    said = json.loads(out)
    assert (said["organisations"], said["ties"], said["communities"]) == (2, 1, 1)
    assert call("check", "w.toml", "a place/mapping.toml")[0] == 0
    assert load_world("w.toml").organisations[0].own_time == 0.2


@pytest.mark.parametrize(("code", "name"), [("fi", "suhteet.csv"), ("sv", "relationer.csv")])
def test_a_template_in_finnish_or_swedish_imports_as_it_is(
    code: str, name: str, call: Call
) -> None:
    code_, out, err = call("template", "a", "--language", code)
    assert (code_, err) == (0, "")
    assert name in out
    assert "Fill" not in out
    assert Path("a", name).is_file()
    (read_me,) = Path("a").glob("*.txt")
    typed = "cisim import a --accept -o world.toml"
    assert typed in out
    assert typed in read_me.read_text("utf-8-sig")
    code_, out, err = call("import", "a", "--accept", "-o", "w.toml", "--json")
    assert (code_, err) == (0, ""), err
    said = json.loads(out)
    assert (said["organisations"], said["ties"], said["communities"]) == (2, 1, 1)
    code_, out, err = call("template", "a", "--language", code)
    assert (code_, out) == (2, "")
    assert "none is written over" not in err
    assert call("template", "b", "--with", "partner", "--language", code)[0] == 2
    assert call("template", "b", "--semicolon", "--language", code)[0] == 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_rows_use_what_the_mapping_names(kind: str, call: Call) -> None:
    call("template", "a", "--with", kind)
    heads = Path("a/ties.csv").read_text("utf-8-sig").splitlines()[0].split(",")
    measures = load_mapping("a/mapping.toml").ties.measures
    assert heads == ["from", "to", *(one.column for one in measures)]


def test_a_template_never_writes_over_what_is_there(call: Call) -> None:
    write("a/ties.csv", "mine\n")
    code, out, _ = call("template", "a", "--json")
    said = json.loads(out)
    assert (code, said["kept"]) == (0, ["ties.csv"])
    assert set(said["written"]) == set(files("usual", "a", False)) - {"ties.csv"}
    assert Path("a/ties.csv").read_text("utf-8") == "mine\n"
    code, out, err = call("template", "a")
    assert (code, out) == (2, "")
    assert "none is written over" in err
    write("file", "x")
    assert call("template", "file") == (
        2, "", "file is no folder; allowed is a folder, there or not.\n",
    )  # fmt: skip
    assert call("template", "b", "--with", "all")[0] == 2
    assert not Path("b").exists()


# --- proposals -------------------------------------------------------------------------------


def test_without_a_mapping_nothing_is_guessed_and_a_proposal_is_printed(call: Call) -> None:
    write("ties.csv", TIES)
    code, out, err = call("import", "ties.csv", "-o", "w.toml")
    assert code == 2
    assert "nothing is guessed" in err
    assert not Path("w.toml").exists()
    write("mapping.toml", out)
    code, printed, err = call("import", ".", "-o", "w.toml")
    assert (code, err) == (0, "")
    accepted = call("import", "ties.csv", "-o", "again.toml", "--accept")
    assert accepted[0] == 0
    assert (
        "ties are from 'from' to 'to', what the first says of the second, trust in" in (accepted[1])
    )
    assert load_world("w.toml").ties == load_world("again.toml").ties
    assert "order of tie strength (rank correlation)           1.00" in printed


def test_a_proposal_can_be_kept_as_a_file(call: Call) -> None:
    write("answers.csv", TIES)
    code, out, err = call("import", "answers.csv", "--propose", "m.toml")
    assert (code, err) == (0, "")
    assert "--mapping m.toml" in out
    assert call("check", "m.toml")[:2] == (
        0, "m.toml: right (a mapping of files for cisim import)\n",
    )  # fmt: skip
    assert call("import", "answers.csv", "-o", "w.toml", "--mapping", "m.toml")[0] == 0
    assert call("import", "answers.csv", "--propose", "m.toml")[0] == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ties.csv", "--out is missing"),
        ("ties.csv -o w.txt --accept", "ends in .toml"),
        ("ties.csv -o mine.toml --accept", "was not written by cisim import"),
        ("ties.csv -o w.toml --structure w.toml --accept", "the file of --out, too"),
        ("ties.csv -o w.toml --structure s.toml --accept", "--structure would change nothing"),
        ("ties.csv -o w.toml --mapping partner --accept", "--accept would change nothing"),
        ("ties.csv -o w.toml --propose m.toml", "--out would change nothing"),
        ("ties.csv --accept --propose m.toml", "--accept would change nothing"),
        ("ties.csv -o w.toml --mapping patner", "Did you mean partner?"),
        ("ties.csv -o w.toml --sector magic", "allowed is one of education, social"),
        ("nothing.csv -o w.toml --accept", "there is no such file"),
        ("ties.docx -o w.toml --accept", "ends in '.docx'"),
        (". a.csv -o w.toml --accept", "there is no such file"),
        ("ties.csv ties.csv -o w.toml --accept", "is given twice"),
        ("empty -o w.toml --accept", "has no file that can be read"),
    ],
)
def test_what_is_typed_wrong_is_told_in_a_sentence(line: str, words: str, call: Call) -> None:
    write("ties.csv", TIES)
    write("mine.toml", 'title = "by hand"\n')
    Path("empty").mkdir()
    before = {path.name for path in Path().iterdir()}
    code, out, err = call("import", *line.split())
    assert (code, out) == (2, "")
    assert words in err
    assert {path.name for path in Path().iterdir()} == before


def test_wrong_data_leave_nothing_behind_and_an_earlier_world_as_it_was(call: Call) -> None:
    write("ties.csv", TIES)
    assert call("import", "ties.csv", "-o", "w.toml", "--accept")[0] == 0
    before = Path("w.toml").read_bytes()
    write("ties.csv", TIES + "Työ,Työ,3\n,Äly,2\n")
    code, out, err = call("import", "ties.csv", "-o", "w.toml", "--accept")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 2
    assert Path("w.toml").read_bytes() == before
    assert {path.name for path in Path().iterdir()} == {"ties.csv", "w.toml"}


def test_the_user_says_what_organisations_without_a_sector_are(call: Call) -> None:
    write("ties.csv", TIES)
    code, out, _ = call("import", "ties.csv", "-o", "w.toml", "--accept", "--sector", "health")
    assert code == 0
    assert "no sector in the files: health" in out
    assert {one.sector for one in load_world("w.toml").organisations} == {"health"}


def test_names_of_any_language_run_and_are_kept(call: Call) -> None:
    names = ["Ōtautahi, ēīū", 'Say "Äly"', "Öö & Åbo", "O'Hara", "日本語", "\\slash\\"]
    rows = [["from", "to"], *([a, b] for a in names for b in names if a != b)]
    quoted = [[cell.replace('"', '""') for cell in row] for row in rows]
    write("ties.csv", "\n".join(",".join(f'"{cell}"' for cell in row) for row in quoted))
    assert call("import", "ties.csv", "-o", "w.toml", "--accept")[0] == 0
    assert [one.name for one in load_world("w.toml").organisations] == [
        names[0], *(name for name in names[1:])
    ]  # fmt: skip
    assert call("run", "no-backbone", "--world", "w.toml", "--months", "2")[0] == 0


@pytest.mark.parametrize("file", ["net.graphml", "net.csv"])
def test_a_network_that_cisim_has_written_gives_the_same_ties(file: str, call: Call) -> None:
    write("ties.csv", TIES)
    call("import", "ties.csv", "-o", "w.toml", "--accept")
    code, _, err = call(
        "run", "no-backbone", "--world", "w.toml", "--network", file, "--month", "0"
    )
    assert (code, err) == (0, "")
    parts = [file] if file == "net.graphml" else ["net-organisations.csv", "net-ties.csv"]
    code, out, err = call("import", *parts, "-o", "again.toml", "--json")
    assert (code, err) == (0, "")
    first, again = load_world("w.toml"), load_world("again.toml")
    same = {"own_time": None}  # what is drawn stands in the network
    assert [one.model_copy(update=same) for one in again.organisations] == first.organisations
    assert [set(tie.between) for tie in again.ties] == [set(tie.between) for tie in first.ties]
    assert json.loads(out)["month_0"]["order"] > 0.95
    by_pair = {tuple(tie.between): tie.strengths for tie in again.ties}
    for tie in first.ties:  # the order of strengths is kept; their places are those of month 0
        (ours, theirs), (a, b) = tie.strengths, by_pair[tie.between[0], tie.between[1]]
        assert (ours > theirs) == (a > b)


# --- structures ------------------------------------------------------------------------------


def test_a_template_makes_a_structure_as_it_is(call: Call) -> None:
    call("template", "a")
    code, out, err = call("import", "a", "-o", "w.toml", "--structure", "s.toml", "--json")
    assert (code, err) == (0, ""), err
    assert json.loads(out)["unused"] == []
    assert call("check", "w.toml", "s.toml")[0] == 0


def test_sponsors_payers_and_backbones_become_a_structure(call: Call) -> None:
    write("d/ties.csv", TIES)
    write("d/payers.csv", "name,kind,year_price,1,2\nCounty,county,60000,80000,40000\n")
    write(
        "d/backbones.csv",
        "where,fte,from,until,payer,after,share\nregional,1.5,0,18,foundation,County,0.5\n",
    )
    write("d/sponsors.csv", "kind,link,engagement,present\npolitical,0.2,-1,yes\nhealth,,,no\n")
    code, out, err = call("import", "d", "-o", "w.toml", "--structure", "s.toml", "--accept")
    assert (code, err) == (0, ""), err
    assert "s.toml: the structure." in out
    structure = cisim.Scenario.load("no-backbone", structure="s.toml").structure
    (post,) = structure.posts
    assert (post.fte, post.until, post.after.takeover, post.after.share) == (1.5, 18, "County", 0.5)  # type: ignore[union-attr]
    assert structure.payers[0].budget == {"1": 80000, "2": 40000}
    assert [(row.kind, row.present, row.engagement) for row in structure.sponsors] == [  # type: ignore[union-attr]
        ("political", True, -1), ("health", False, None),
    ]  # fmt: skip
    assert call("run", "no-backbone", "--structure", "s.toml", "--world", "w.toml",
                "--months", "30")[0] == 0  # fmt: skip


def test_what_is_wrong_in_tables_of_money_is_told_with_its_row(call: Call) -> None:
    write("d/ties.csv", TIES)
    write("d/payers.csv", "name,kind,year_price,1\nCounty,conty,60000,lots\n")
    write("d/backbones.csv", "where,fte,payer,ftee\nregionl,-1,County,\n")
    code, _, err = call("import", "d", "-o", "w.toml", "--structure", "s.toml", "--accept")
    assert code == 2
    for words in (
        "payers.csv: row 2, column budget 1: is 'lots'; allowed is a number",
        "payers.csv: row 2: kind is 'conty'",
        "backbones.csv: column ftee: is nothing of backbones that is known. Did you mean fte?",
        "backbones.csv: row 2: where is 'regionl'",
        "backbones.csv: row 2: fte is -1",
    ):
        assert words in err
    assert not Path("w.toml").exists()


def test_a_workbook_with_a_sheet_for_each_table_and_dates_is_one_command(call: Call) -> None:
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets = {
        "Siteet": [["Mistä", "Mihin", "Luottamus"], ["Äly", "Työ", 3], ["Työ", "Äly", 1]],
        "Organisaatiot": [["Nimi", "Ala", "Kunta"], ["Äly", "koulutus", "Forssa"],
                          ["Työ", "järjestö", "Forssa"]],
        "Kunnat": [["Nimi", "Alue", "Lapset"], ["Forssa", "Häme", 9500]],
        "Payers": [["name", "kind", "year_price", "2027"], ["Häme", "county", 60000, 90000]],
        "Backbones": [["where", "region", "fte", "from", "until", "payer"],
                      ["regional", "Häme", 1, datetime.date(2027, 1, 1), "2028-01", "Häme"]],
    }  # fmt: skip
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save("kysely.xlsx")
    line = ["import", "kysely.xlsx", "-o", "w.toml", "--structure", "s.toml"]
    code, _, err = call(*line, "--accept")
    assert code == 2
    assert "2027" in err  # a date, and the world has no start
    assert not Path("s.toml").exists()
    assert call("import", "kysely.xlsx", "--propose", "m.toml")[0] == 0
    text = Path("m.toml").read_text("utf-8").replace("[assume]", '[assume]\nstart = "2026-07"')
    write("m.toml", text)
    code, _, err = call(*line, "--mapping", "m.toml")
    assert (code, err) == (0, ""), err
    world = load_world("w.toml")
    assert [(o.name, o.sector, o.community) for o in world.organisations] == [
        ("Äly", "education", "Forssa"), ("Työ", "third", "Forssa"),
    ]  # fmt: skip
    assert world.communities[0].children == 9500
    assert call("run", "no-backbone", "--world", "w.toml", "--structure", "s.toml",
                "--months", "20")[0] == 0  # fmt: skip


def test_a_structure_of_regions_that_are_not_there_is_refused(call: Call) -> None:
    write("d/ties.csv", TIES)
    write("d/backbones.csv", "where,region,fte,payer\nregional,Lapland,1,foundation\n")
    code, _, err = call("import", "d", "-o", "w.toml", "--structure", "s.toml", "--accept")
    assert code == 2
    assert "Lapland" in err
    assert not Path("w.toml").exists()


def test_money_that_nobody_asked_for_is_said_to_be_left(call: Call) -> None:
    write("d/ties.csv", TIES)
    write("d/payers.csv", "name,kind\nCounty,county\n")
    _, out, _ = call("import", "d", "-o", "w.toml", "--accept")
    assert "payers.csv is not used; --structure FILE.toml makes a structure of it." in out


# --- real networks ---------------------------------------------------------------------------


@pytest.mark.skipif(not DATA.is_dir(), reason="the real networks are not part of cisim")
@pytest.mark.parametrize("name", REAL)
def test_a_real_network_imports_with_one_command_and_keeps_its_names(name: str, call: Call) -> None:
    files_ = [str(DATA / f"{name}_{part}.csv") for part in ("nodes", "edges")]
    code, out, _ = call("import", *files_, "-o", "w.toml", "--accept", "--json")
    assert code == 0
    said = json.loads(out)
    organisations, rows = REAL[name]
    assert said["organisations"] == organisations
    assert rows / 2 <= said["ties"] <= rows
    assert said["notes"] == []  # what is assumed is a place that the numbers are believed for
    assert said["month_0"]["order"] > 0.95
    for measure, value in said["month_0"]["data"].items():
        assert said["month_0"]["model"][measure] == pytest.approx(value), measure
    world = load_world("w.toml")
    names = [line.split(",")[1] for line in Path(files_[0]).read_text("utf-8").splitlines()[1:]]
    assert [one.name for one in world.organisations] == names
    assert tuple(names) == world.organisation_names[-organisations:]


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the real networks are not part of cisim")
@pytest.mark.parametrize("name", REAL)
def test_a_real_network_runs_ten_years_under_every_structure(name: str, call: Call) -> None:
    files_ = [str(DATA / f"{name}_{part}.csv") for part in ("nodes", "edges")]
    assert call("import", *files_, "-o", "w.toml", "--accept")[0] == 0
    for structure in shipped("structures"):
        scenario = cisim.Scenario.load("no-backbone", world="w.toml", structure=structure)
        model = cisim.CollectiveImpactModel(scenario, seed=1).run()
        last = model.outcomes(["wellbeing_gain", "member_share"]).iloc[-1]
        assert -5 < last["wellbeing_gain"] < 15
        assert 0 <= last["member_share"] <= 1
