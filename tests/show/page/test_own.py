"""One's own partnership: files of any kind get an answer, and what is right becomes a place."""

from __future__ import annotations

import io
import math
import zipfile
from base64 import b64decode, b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cisim.lab.survey.faults import Fault
from cisim.lab.survey.fit import Fit, Shape, fit
from cisim.model.input_error import InputError
from cisim.show.language.spoken import languages, speaking
from cisim.show.page.address import link
from cisim.show.page.address.actions import act
from cisim.show.page.address.checks import OWN_COMPARED
from cisim.show.page.address.look import Look, compared_of, scenario_of
from cisim.show.page.address.scenario_file import look_of, text_of
from cisim.show.page.partnership import kept
from cisim.show.page.partnership.arriving import LARGEST, MOST_FILES, Arriving, added
from cisim.show.page.partnership.upload import KINDS, Upload, read
from cisim.show.page.screens.own import changed
from cisim.show.page.views import explore, own
from cisim.show.page.views.preview import MOST_TIES, drawn, sketch, summary
from cisim.show.survey_in_words import in_words, known
from cisim.world.scenario import Scenario

LIST = "Nimi;Toimiala;Kunta\nTyö;koulutus;Oulu\nÄly;yhdistys;Oulu\nKirjasto;kirjasto;Kemi\n"
TIES = "Vastaaja;Kumppani;Luottamus\nTyö;Äly;4\nÄly;Työ;2\nKirjasto;Työ;3\n"


def given(**texts: str | bytes) -> Upload:
    """Return an upload of tables, by the first part of their names."""
    data = {
        f"{name}.csv": text.encode() if isinstance(text, str) else text
        for name, text in texts.items()
    }
    return Upload(tuple(data.items()))


def problems(upload: Upload) -> list[dict[str, Any]]:
    return [own.problem(one) for one in read(upload).problems]


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(kept, "folder", lambda: tmp_path / "places")
    return tmp_path / "places"


@pytest.fixture
def place(places: Path) -> str:
    made = read(given(organisations=LIST, ties=TIES)).made
    assert made is not None
    return kept.keep(made.text, "Oulun seutu")


# --- what files mean -------------------------------------------------------------------------


def test_two_tables_in_finnish_become_a_place_with_their_names_and_municipalities() -> None:
    found = read(given(organisaatiot=LIST, suhteet=TIES))
    assert found.problems == ()
    assert found.made is not None
    world = found.made.world
    assert [one.name for one in world.organisations] == ["Työ", "Äly", "Kirjasto"]
    assert {one.name for one in world.communities} == {"Oulu", "Kemi"}
    assert len(world.ties) == 2
    view = own.view(found.of, found)
    assert view["ready"]
    assert [one["sector"] for one in view["sectors"]] == ["third", "education", "third"]
    assert not view["sectors"][0]["known"]


def test_what_a_column_means_can_be_chosen_and_taken_back() -> None:
    tables = given(members="Who;Alias\nAa;Xx\nBb;Yy\n", ties="From;To\nXx;Yy\n")
    first = read(tables)
    assert [one.row for one in first.problems if isinstance(one, Fault)] == [2, 2]
    message = {"do": "column", "role": "organisations", "field": "name", "column": "Alias"}
    better = read(changed(tables, message), first)
    assert better.tables is first.tables
    assert better.made is not None
    assert [one.name for one in better.made.world.organisations] == ["Xx", "Yy"]
    again = changed(better.of, {**message, "column": "Who"})
    assert read(again).problems == first.problems


def test_a_scale_a_kind_a_sector_and_a_rule_can_be_chosen() -> None:
    upload = given(organisations=LIST, ties=TIES.replace("Luottamus", "Vastaus"))

    def measures(upload: Upload) -> list[dict[str, Any]]:
        return list(read(upload).given["ties"].get("measures", []))

    assert [one["kind"] for one in measures(upload)] == ["strength"]
    trusted = changed(upload, {"do": "kind", "column": "Vastaus", "kind": "trust"})
    assert measures(trusted) == [{"column": "Vastaus", "kind": "trust", "scale": [1, 4]}]
    wide = changed(trusted, {"do": "scale", "column": "Vastaus", "low": 1, "high": 5})
    assert measures(wide)[0]["scale"] == [1, 5]
    assert measures(changed(wide, {"do": "kind", "column": "Vastaus", "kind": ""})) == []
    told = changed(upload, {"do": "sector", "word": "kirjasto", "sector": "education"})
    made = read(told).made
    assert made is not None
    assert [one.sector for one in made.world.organisations] == ["education", "third", "education"]
    both = read(changed(upload, {"do": "rule", "name": "directed", "value": 1})).made
    assert both is not None
    assert not both.answers.directed


def test_words_without_a_known_order_are_put_into_one() -> None:
    upload = given(ties="From,To,Trust\nAa,Bb,huhu\nBb,Aa,haha\n")
    found = read(upload)
    assert found.made is None
    [asked] = found.problems
    assert isinstance(asked, Fault)
    assert asked.column == "Trust"
    assert asked.what.startswith("the order of its answers is not known")
    [measure] = own.view(upload, found)["measures"]
    assert measure["unordered"]
    assert measure["levels"] == [["haha"], ["huhu"]]
    levels = {"do": "levels", "column": "Trust", "levels": [["huhu"], ["haha"]]}
    made = read(changed(upload, levels)).made
    assert made is not None
    assert made.world.ties[0].strengths == (0.5, 1.0)


def test_two_spellings_are_asked_about_and_answered_with_a_click() -> None:
    upload = given(
        organisations="name\nHelsingin kaupunki\nHelsingin  kaupunki oy\nSeura\n",
        ties="from,to\nSeura,Helsingin kaupunki\n",
    )
    [asked] = problems(upload)
    assert asked["apart"]
    one = read(changed(upload, {"do": "names", "names": asked["names"], "same": True})).made
    two = read(changed(upload, {"do": "names", "names": asked["names"], "same": False})).made
    assert one is not None
    assert two is not None
    assert (len(one.world.organisations), len(two.world.organisations)) == (2, 3)


def test_a_name_that_is_nearly_in_the_list_is_taken_for_it_with_a_click() -> None:
    upload = given(organisations=LIST, ties=TIES + "Kirjastoo;Äly;1\n")
    [asked] = problems(upload)
    assert (asked["row"], asked["column"], asked["value"]) == ("5", "Vastaaja", "Kirjastoo")
    assert asked["names"] == ["Kirjasto", "Kirjastoo"]
    assert not asked["apart"]
    message = {"do": "names", "names": asked["names"], "same": True}
    assert read(changed(upload, message)).made is not None


def test_problems_come_with_file_row_column_value_and_what_is_allowed() -> None:
    wrong = TIES + "Äly;Poliisi;3\nÄly;Kirjasto;lots\nÄly;Äly;1\n;Äly;1\n"
    upload = given(organisations=LIST, ties=wrong)
    rows = [(one["row"], one["column"], one["value"]) for one in problems(upload)]
    assert rows == [
        ("5", "Kumppani", "Poliisi"), ("6", "Luottamus", "lots"), ("7", "", ""),
        ("8", "Vastaaja", ""),
    ]  # fmt: skip
    assert {one["file"] for one in problems(upload)} == {"ties.csv"}
    assert all("allowed" in one["what"] for one in problems(upload)[1:3])
    seen = own.view(upload, read(upload))
    assert seen["strange"]
    assert seen["selves"]
    assert 'class="strange"' in seen["picture"]
    left = changed(upload, {"do": "rule", "name": "unknown", "value": 1})
    assert [one["row"] for one in problems(left)] == ["6", "7", "8"]


def test_a_table_can_be_for_something_else_or_for_nothing() -> None:
    upload = given(ties=TIES, answers=TIES.replace(";4", ";1"))
    assert [known(one) for one in read(upload).problems] == ["twice"]
    used = changed(upload, {"do": "use", "file": "answers.csv", "role": ""})
    assert read(used).made is not None
    swapped = changed(used, {"do": "use", "file": "answers.csv", "role": "ties"})
    assert read(swapped).found["ties"].file == "answers.csv"


def test_what_was_chosen_is_a_mapping_that_does_it_again() -> None:
    upload = changed(
        given(organisations=LIST, ties=TIES), {"do": "scale", "column": "Luottamus", "low": 1,
                                              "high": 7},
    )  # fmt: skip
    found = read(upload)
    text = own.mapping_file(found)["text"]
    again = read(replace(Upload(), files=(*upload.files, ("mapping.toml", text.encode()))))
    assert found.made is not None
    assert again.made is not None
    assert again.made.world.ties == found.made.world.ties


@pytest.mark.parametrize(
    "message",
    [
        {"do": "nothing"},
        {"do": "kind", "column": "x", "kind": "love"},
        {"do": "use", "file": "x", "role": "king"},
        {"do": "rule", "name": "silent", "value": 7},
        {"do": "rule", "name": "measures", "value": 0},
        {"do": "scale", "column": "x", "low": "a", "high": None},
        {"do": "levels", "column": "x", "levels": [[]]},
    ],
)
def test_what_no_page_would_send_changes_nothing(message: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, IndexError)):
        changed(given(ties=TIES), message)


def test_every_kind_of_answer_has_its_words() -> None:
    assert {name for name, _ in own.frame()["kinds"]} == {"", *KINDS}


# --- what is wrong with files ----------------------------------------------------------------


def packed(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as folder:
        for name, text in files.items():
            folder.writestr(name, text)
    return made.getvalue()


BAD = {
    "empty": ("a.csv", b"  \n"),
    "a packed folder": ("a.xlsx", packed(a="x")),
    "a packed folder by its name": ("a.zip", packed(a="x")),
    "no workbook": ("a.xlsx", b"hello"),
    "a picture": ("a.png", b"\x89PNG"),
    "no table": ("noise.csv", bytes(range(256)) * 20),
    "an empty network": ("a.graphml", b"<graphml/>"),
    "a broken network": ("a.gml", b"graph ["),
    "a broken workbook": ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 3000),
    "a half of a workbook": ("b.xlsx", packed(**{"xl/workbook.xml": "<a>"})[:60] + b"xl/"),
    "a workbook under another name": ("a.csv", packed(**{"xl/workbook.xml": "<workbook/>"})),
    "a mark without end": ("ties.csv", b'from,to\nAa,"Bb\nBb,Aa\n'),
    "a row too wide": ("ties.csv", b"from,to\nAa,Bb,Cc,Dd\nBb,Aa\n"),
    "one column": ("ties.csv", b"from\nAa\nBb\n"),
    "no ties": ("organisations.csv", b"name,sector\nAa,health\n"),
    "headings alone": ("ties.csv", b"from,to\n"),
    "no mapping": ("mapping.toml", b"nonsense"),
}


@pytest.mark.parametrize("code", sorted(languages()))
@pytest.mark.parametrize("what", BAD)
def test_a_damaged_file_gets_sentences_and_never_a_fault_of_the_program(
    what: str, code: str
) -> None:
    name, data = BAD[what]
    with speaking(code):
        try:
            whole = sent(name, data)
            upload = Upload(added((), *whole))
            found = read(upload)
            told = [own.problem(one)["what"] for one in found.problems]
            own.view(upload, found)
        except InputError as error:
            told = [*error.sentences]
        assert told
        for sentence in told:
            assert sentence.strip().endswith((".", ")"))
            assert "Traceback" not in sentence
            assert "Error" not in sentence
    if code != "en" and what not in ("no mapping",):
        with speaking("en"):
            assert not set(told) & {own.problem(one)["what"] for one in read_all(name, data)}


def read_all(name: str, data: bytes) -> tuple[str, ...]:
    try:
        return read(Upload(added((), *sent(name, data)))).problems
    except InputError as error:
        return error.sentences


def sent(name: str, data: bytes, size: int | None = None) -> tuple[str, bytes]:
    """Return a file as it comes out of its pieces."""
    arriving, piece, whole = Arriving(), 1000, None
    for at in range(0, max(1, len(data)), piece):
        part = b64encode(data[at : at + piece]).decode()
        message = {"name": name, "size": size or len(data), "at": at, "base64": part}
        whole = arriving.take(message)
    assert whole is not None
    return whole


def test_a_file_comes_in_pieces_and_is_whole_at_the_end() -> None:
    data = bytes(range(200)) * 40
    assert sent("ties.csv", data) == ("ties.csv", data)
    assert sent("../../ties.csv", b"x")[0] == "ties.csv"


def test_what_is_too_large_is_refused_by_its_size_alone() -> None:
    with pytest.raises(InputError, match=r"has 100 MB; allowed are at most 10 MB"):
        Arriving().take({"name": "a.csv", "size": 100_000_000, "at": 0, "base64": ""})
    lying = Arriving()
    piece = b64encode(b"x" * (LARGEST // 2 + 1)).decode()
    assert lying.take({"name": "a.csv", "size": LARGEST, "at": 0, "base64": piece}) is None
    with pytest.raises(InputError, match="allowed are at most 10 MB"):
        lying.take({"name": "a.csv", "size": LARGEST, "at": 1, "base64": piece})
    files = tuple((f"{n}.csv", b"x") for n in range(MOST_FILES))
    with pytest.raises(InputError, match="More than 8 files"):
        added(files, "more.csv", b"x")
    assert len(added(files, "0.csv", b"y")) == MOST_FILES
    half = (("a.csv", b"x" * LARGEST), ("b.csv", b"x" * LARGEST))
    with pytest.raises(InputError, match="more than 20 MB together"):
        added(half, "c.csv", b"x")


SAID = {
    "formula": ("organisations", "name,sector\n=1+1,health\nBb,health\n"),
    "again": ("organisations", "name,sector\nAa,health\nAa,health\nBb,\n"),
    "level": ("organisations", "name,level\nAa,high\nBb,\n"),
    "own_time": ("organisations", "name,own_time\nAa,often\nBb,\n"),
    "truth": ("organisations", "name,founder\nAa,perhaps\nBb,\n"),
    "homeless": ("organisations", "name,level\nAa,local\nBb,\n"),
    "no_such_place": ("organisations", "name,community\nAa,Oulu\nBb,\n"),
    "two_regions": ("organisations", "name,community,region\nAa,Kemi,Etelä\nBb,,\n"),
    "long_name": ("organisations", f"name\nAa\nBb\n{'n' * 300}\n"),
    "children": ("communities", "name,region,children\nKemi,Lappi,none of them\n"),
    "share": ("communities", "name,region,children,deprivation\nKemi,Lappi,10,7\n"),
    "before": ("communities", "name,region,children\nKemi,Lappi,10\nKemi,Lappi,10\n"),
    "year": ("ties", "from,to,since\nAa,Bb,2020\nBb,Aa,long\n"),
    "date": ("ties", "from,to,date\nAa,Bb,1.1.2026\nBb,Aa,soon\n"),
    "wide_row": ("ties", "from,to\nAa,Bb,Cc,Dd\nBb,Aa\n"),
}
NETWORKS = {
    "no_vertices": ("a.net", b"*Network x\n"),
    "early": ("a.net", b"1 Aa\n*Vertices 2\n"),
    "sizes": ("a.net", b"*Vertices many\n"),
    "mode_sizes": ("a.net", b"*Vertices 2 3\n"),
    "vertex": ("a.net", b"*Vertices 2\n1 Aa\n2 Bb\n*Arcs\n1 7 1\n"),
    "open_quote": ("a.net", b'*Vertices 2\n1 "Aa\n'),
    "no_nodes": ("a.gexf", b'<gexf xmlns="http://www.gexf.net/1.2draft"><graph/></gexf>'),
    "entities": ("a.graphml", b'<!DOCTYPE x [<!ENTITY y "z">]><graphml/>'),
    "dl_format": ("a.txt", b"dl n = 2 format = nonsense\ndata:\n0 1\n1 0\n"),
    "dl_matrices": ("a.txt", b"dl n = 2, nm = 2, format = fullmatrix\ndata:\n0 1\n1 0\n"),
    "dl_size": ("a.txt", b"dl format = fullmatrix\ndata:\n0 1\n1 0\n"),
    "dl_data": ("a.txt", b"dl n = 2 format = fullmatrix\nlabels:\nAa,Bb\n"),
    "dl_fit": ("a.txt", b"dl n = 3 format = fullmatrix\ndata:\n0 1\n1 0\n"),
    "dl_nobody": ("a.txt", b"dl n = 2 format = edgelist1\nlabels:\nAa,Bb\ndata:\n1 9 1\n"),
    "dl_edge": ("a.txt", b"dl n = 2 format = edgelist1\nlabels:\nAa,Bb\ndata:\nAa\n"),
    "wide_table": ("ties.csv", (",".join(f"h{n}" for n in range(30_000)) + "\nAa\n").encode()),
}  # fmt: skip
TABLES = {
    "organisations": "name,sector\nAa,health\nBb,health\n",
    "ties": "from,to\nAa,Bb\nBb,Aa\n",
    "communities": "name,region,children\nKemi,Lappi,10\n",
}


@pytest.mark.parametrize("form", SAID)
def test_what_the_importer_says_is_known_by_its_form(form: str) -> None:
    role, text = SAID[form]
    found = read(given(**{**TABLES, role: text}))
    assert form in {known(getattr(one, "what", one)) for one in found.problems}, found.problems


@pytest.mark.parametrize("form", NETWORKS)
def test_what_is_wrong_with_a_network_is_known_by_its_form_in_every_language(form: str) -> None:
    told = read_all(*NETWORKS[form])
    assert [known(getattr(one, "what", one)) for one in told] == [form], told
    said = set()
    for code in languages():
        with speaking(code):
            said.add(own.problem(told[0])["what"])
    assert len(said) == len(languages())


MAPPINGS = {
    "no_such_column": '[organisations]\nname = "Who"\n',
    "same_unknown": 'same = [["Yy", "Zz"]]\n',
    "encoding": '[assume]\nencoding = "klingon"\n',
    "answered": '[ties]\nseveral = "refuse"\n',
}


@pytest.mark.parametrize("form", MAPPINGS)
def test_what_is_wrong_beside_a_mapping_is_known_by_its_form(form: str) -> None:
    ties = b"from,to\nAa,Bb\nAa,Bb\nBb,Aa\n"
    tables = (("ties.csv", ties), ("organisations.csv", TABLES["organisations"].encode()))
    found = read(Upload((*tables, ("mapping.toml", MAPPINGS[form].encode()))))
    assert form in {known(getattr(one, "what", one)) for one in found.problems}, found.problems


def test_what_was_assumed_is_said_in_every_language() -> None:
    found = read(given(organisations=LIST.replace(";Kemi", ";"), ties=TIES))
    assert found.made is not None
    assert not [one for one in found.made.said if not known(one)]
    bare = read(given(ties="from,to\nAa,Bb\nBb,Cc\n"))
    assert bare.made is not None
    assert not [one for one in (*bare.made.said, *bare.unused) if not known(one)]
    english = [in_words(one) for one in found.made.said]
    for code in ("fi", "sv"):
        with speaking(code):
            assert not set(english) & {in_words(one) for one in found.made.said}


def test_a_sentence_of_nobody_stays_as_it_is() -> None:
    assert in_words("something nobody has ever said.") == "something nobody has ever said."


# --- what it looks like ----------------------------------------------------------------------


def test_a_preview_names_everybody_of_a_small_network_and_is_the_same_each_time() -> None:
    found = read(given(organisations=LIST, ties=TIES))
    picture = sketch(found)
    assert picture is not None
    svg = drawn(picture)
    assert all(f">{name}<" in svg for name in ("Työ", "Äly", "Kirjasto"))
    assert svg == drawn(picture)
    assert "3 organisations, 2 pairs are tied." in svg


def test_names_cannot_break_out_of_the_preview() -> None:
    found = read(given(ties='from,to\n<script>x</script>,B&b\nB&b,"Q""q"\n'))
    picture = sketch(found)
    assert picture is not None
    svg = drawn(picture)
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_a_template_comes_as_a_folder_that_reads_as_it_is() -> None:
    for code in languages():
        with speaking(code):
            made = own.template()
            with zipfile.ZipFile(io.BytesIO(b64decode(made["base64"]))) as folder:
                names = folder.namelist()
                files = {
                    name.rpartition("/")[2]: folder.read(name) for name in names
                    if name.endswith(".csv")
                }  # fmt: skip
            found = read(Upload(tuple(files.items())))
            assert found.problems == ()
            assert found.made is not None
            assert "posts" in found.structure
            assert found.unused == ()
            assert [one.own_time for one in found.made.world.organisations] == [0.2, None]
            measures = [one["kind"] for one in found.given["ties"]["measures"]]
            assert measures == ["trust", "contact", "collaboration"]


def test_how_far_month_0_looks_like_the_answers_is_said() -> None:
    found = read(given(organisations=LIST, ties=TIES))
    assert found.made is not None
    said = own.fitted(fit(found.made.world, found.made.answers))
    assert said.startswith("The model begins with your network: ")
    assert "Of 100 pairs 67 know each other in your files, 67 in the model." in said
    alike = Fit(math.nan, Shape(0.5, 1, 0), Shape(0.5, 1, 0))
    assert own.fitted(alike).startswith("All ties are equally strong")
    assert "less well" in own.fitted(alike._replace(order=0.4))


def test_a_workbook_with_two_sheets_does_as_well() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Organisaatiot"
    sheets = {"Organisaatiot": LIST, "Suhteet": TIES}
    for name, text in sheets.items():
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        for line in text.splitlines():
            sheet.append([int(cell) if cell.isdigit() else cell for cell in line.split(";")])
    data = io.BytesIO()
    book.save(data)
    found = read(Upload(added((), *sent("Oulun seutu.xlsx", data.getvalue()))))
    assert found.problems == ()
    assert found.made is not None
    assert found.made.world.title == "Oulun seutu"
    assert len(found.made.world.ties) == 2


def test_of_very_many_ties_the_strongest_are_drawn_and_that_is_said() -> None:
    lines = [f"Org {i:03d} {i},Org {j:03d} {j}" for i in range(100) for j in range(100) if i != j]
    found = read(given(ties="\n".join(["from,to", *lines])))
    picture = sketch(found)
    assert picture is not None
    assert drawn(picture).count("<path") == MOST_TIES
    assert "The strongest 4,000 are drawn." in summary(picture)


# --- a place that is kept --------------------------------------------------------------------


def test_a_place_is_kept_for_its_user_alone_until_it_is_forgotten(place: str, places: Path) -> None:
    assert place.startswith("oulun-seutu-")
    assert (places / place).stat().st_mode & 0o077 == 0
    assert [one.name for one in kept.kept()] == [place]
    look = Look(world=place)
    assert len(scenario_of(look).world.organisations) == 3
    kept.forget(place)
    with pytest.raises(InputError, match="is not kept on this machine"):
        scenario_of(look)
    _, ignored = link.read(link.write(look).partition("?")[2])
    assert "choose its files again" in ignored[0]


def test_the_same_files_make_the_same_place_once(place: str) -> None:
    made = read(given(organisations=LIST, ties=TIES)).made
    assert made is not None
    assert kept.keep(made.text, "Oulun seutu") == place
    assert len(kept.kept()) == 1


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a.toml", "one-town", "/x-0123456789.toml", "A-0123456789.toml"]
)
def test_no_other_file_can_be_named(name: str, places: Path) -> None:
    assert not kept.is_own(name)
    with pytest.raises(InputError):
        kept.path_of(name)
    kept.forget(name)


def test_explore_and_compare_run_on_it_and_the_language_stays(place: str) -> None:
    said = {"do": "own", "view": "explore", "world": place, "structure": "regional", "title": "X"}
    look = act(Look(view="own", language="fi"), said)
    assert (look.view, look.world, look.language) == ("explore", place, "fi")
    again, ignored = link.read(link.write(look).partition("?")[2])
    assert (again, ignored) == (look, [])
    assert place in [name for name, _ in explore.frame(look)["worlds"]]
    assert explore.frame(look)["world"] == place
    beside = act(Look(view="own"), {**said, "view": "compare"})
    found = compared_of(beside)
    assert tuple(one.name for one in found) == OWN_COMPARED
    assert {len(one.world.organisations) for one in found} == {3}
    assert len({one.world_name for one in found}) == 1


def test_a_saved_scenario_and_the_file_of_its_place_run_on_the_command_line_too(
    place: str, places: Path, tmp_path: Path
) -> None:
    said = {"do": "own", "view": "explore", "world": place, "structure": "regional", "title": "X"}
    look = act(Look(view="own"), said)
    text = text_of(look)
    opened = look_of(text, "x.toml")
    assert opened.world == place
    assert scenario_of(opened).resolved() == scenario_of(look).resolved()
    (tmp_path / "x.toml").write_text(text, "utf-8")
    (tmp_path / place).write_bytes((places / place).read_bytes())
    loaded = Scenario.load(tmp_path / "x.toml")
    assert loaded.world == scenario_of(look).world


POSTS = "name,where,fte,payer\nCoordinator,regional,1,Town\n"
PAYERS = "name,kind,year_price,1,2\nTown,municipality,60000,60000,60000\n"


def test_who_sponsors_and_pays_what_becomes_a_structure_beside_the_place(places: Path) -> None:
    found = read(given(organisations=LIST, ties=TIES, backbones=POSTS, payers=PAYERS))
    assert found.problems == ()
    assert found.made is not None
    assert own.view(found.of, found)["structured"]
    name = kept.keep(found.made.text, "Oulu", found.structure)
    beside = kept.structure_beside(name)
    assert beside == name.replace(".toml", "-structure.toml")
    assert kept.kept()[0].structure == beside
    said = {"do": "own", "view": "explore", "world": name, "structure": beside, "title": "Oulu"}
    look = act(Look(view="own"), said)
    assert [post.name for post in scenario_of(look).structure.posts] == ["Coordinator"]
    opened = look_of(text_of(look), "x.toml")
    assert scenario_of(opened).resolved() == scenario_of(look).resolved()
    compared = act(Look(view="own"), {**said, "view": "compare"})
    assert compared.compared == ("no-backbone", "mine", "national-and-regional")
    assert len(compared_of(compared)) == 3
    kept.forget(name)
    assert [*places.iterdir()] == []
    with pytest.raises(InputError, match="is not kept on this machine"):
        scenario_of(look)


def test_what_is_wrong_with_a_post_stands_beside_what_is_wrong_with_ties() -> None:
    found = read(given(ties=TIES, backbones="name,where,fte,colour\nX,regional,1,red\n"))
    faults = [one for one in found.problems if isinstance(one, Fault)]
    assert [(one.file, one.column, known(one.what)) for one in faults] == [
        ("backbones.csv", "colour", "odd_field")
    ]
    rest = [own.problem(one) for one in found.problems if not isinstance(one, Fault)]
    assert {(one["file"], one["row"]) for one in rest} == {("backbones.csv", "2")}
