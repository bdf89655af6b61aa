"""Files as people have them become tables: encodings, separators, sheets, networks."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cisim.lab.survey.encodings import decode
from cisim.lab.survey.graphs import network
from cisim.lab.survey.importing import make_world
from cisim.lab.survey.proposal import propose
from cisim.lab.survey.reading import LARGEST_FILE, files_in, read
from cisim.lab.survey.tables import Table, number, separated
from cisim.lab.survey.workbooks import sheets
from cisim.model.input_error import InputError

NAMES = "nimi;kunta\nTyö ja Äly;Hämeenlinna\nFöreningen Åbo;Åbo\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "cp850"],
)
def test_finnish_and_swedish_letters_are_read_in_every_encoding_that_excel_writes(
    encoding: str,
) -> None:
    text, said = decode(NAMES.encode(encoding), "a.csv")
    assert text.lstrip("\ufeff") == NAMES
    assert bool(said) == (encoding not in ("utf-8", "utf-8-sig", "utf-16"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_maori_letters_are_read(encoding: str) -> None:
    text = "name\nTe Whatu Ora – Whānau āwhina, ēīōū ĀĒĪŌŪ\n"
    assert decode(text.encode(encoding), "a.csv")[0].lstrip("\ufeff") == text


def test_letters_that_were_saved_in_the_wrong_encoding_before_are_told() -> None:
    twice = "Työ".encode().decode("cp1252")
    assert "wrong encoding" in decode(twice.encode(), "a.csv")[1]
    assert decode("Työ".encode(), "a.csv")[1] == ""


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InputError, match="is no text"):
        decode(bytes(range(256)) * 20, "a.csv")
    with pytest.raises(InputError, match="not known"):
        decode(b"a", "a.csv", "klingon")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_seen(separator: str) -> None:
    rows = [["from", "to", "trust"], ["A, the first", "B; ltd", "0,5"], ["B", "C|D", "1"]]
    text = "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    table = separated(text, "t.csv", [])
    assert table.columns == rows[0]
    assert table.rows == rows[1:]
    assert number(table.rows[0][2], table.comma) == 0.5


def test_a_decimal_comma_does_not_part_cells() -> None:
    table = separated("from;to;trust\nA;B;0,5\nB;C;1,25\n", "t.csv", [])
    assert table.columns == ["from", "to", "trust"]
    assert [number(row[2], table.comma) for row in table.rows] == [0.5, 1.25]


def test_the_line_by_which_excel_is_told_the_separator_is_no_row() -> None:
    table = separated("sep=;\nname;x\nA, b;1\n", "t.csv", [])
    assert (table.columns, table.rows, list(table.places)) == (["name", "x"], [["A, b", "1"]], [3])


@pytest.mark.parametrize(
    ("cell", "comma", "value"),
    [
        ("1,5", False, 1.5),
        ("1,234", False, 1234.0),
        ("1,234", True, 1.234),
        ("1 234,5", True, 1234.5),
        ("1\u00a0234", False, 1234.0),
        ("1.234,5", False, 1234.5),
        ("1,234.5", True, 1234.5),
        ("-3", False, -3.0),
        ("50 %", False, 0.5),
        ("1e3", False, 1000.0),
        ("12 people", False, None),
        ("", False, None),
        ("nan", False, None),
        ("1" * 50, False, None),
    ],
)
def test_numbers_are_read_as_people_write_them(cell: str, comma: bool, value: float | None) -> None:
    assert number(cell, comma) == value


def test_rows_are_counted_as_their_program_does() -> None:
    table = separated('name,x\n"two\nlines",1\n\nB,2\n', "t.csv", [])
    assert table.rows == [["two lines", "1"], ["B", "2"]]
    assert list(table.places) == [2, 5]


def test_letters_with_parted_accents_are_one() -> None:
    assert separated("name,x\nHa\u0308me,1\n", "t.csv", []).rows[0][0] == "H\u00e4me"


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_row() -> None:
    with pytest.raises(InputError, match=r"t\.csv: row 3 .*never closed"):
        separated('name,x\nA,1\n"B,2\nC,3\n' + "D,4\n" * 100, "t.csv", [])


def test_a_cell_that_is_too_long_is_told_with_its_row_and_its_mark() -> None:
    said = r"t\.csv: row 2 has a cell that is too long; close its quotation mark, or double"
    with pytest.raises(InputError, match=said):
        separated('name,x\n"' + 200_000 * "A" + "\n", "t.csv", [])


def test_a_row_with_too_many_cells_is_told() -> None:
    with pytest.raises(InputError, match=r"t\.csv: row 3 has 3 cells, the header 2"):
        separated("name,x\nA,1\nB,2,3\n", "t.csv", [])


def test_a_list_of_ties_may_lack_headings() -> None:
    for text in ("A,B\nB,C\nC,A\nA,C\n", "Only once,B\nB,C\nC,D\nC,B\n"):
        table = separated(text, "t.csv", [])
        assert not table.headed
        assert len(table.rows) == 4
    assert separated("name,A,B\nA,0,1\nB,1,0\n", "t.csv", []).headed
    assert separated("from,to\nA,B\nB,C\n", "t.csv", []).headed


# --- workbooks -------------------------------------------------------------------------------


def workbook(**rows: list[list[object]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, some in rows.items():
        sheet = book.create_sheet(name)
        for row in some:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_has_a_table_for_each_sheet() -> None:
    import datetime

    data = workbook(
        Ties=[["Survey of 2026"], [], ["from", "to", "trust", "date"],
              ["Äly", "Työ", 3, datetime.date(2026, 11, 27)], ["Työ", "Äly", 2.5, None]],
        Organisations=[["name", "founder"], ["Äly", True], ["Työ", False]],
        Empty=[],
    )  # fmt: skip
    ties, organisations = sheets(data, "b.xlsx")
    assert (ties.file, organisations.file) == ("b.xlsx#Ties", "b.xlsx#Organisations")
    assert ties.rows == [["Äly", "Työ", "3", "2026-11-27"], ["Työ", "Äly", "2.5", ""]]
    assert list(ties.places) == [4, 5]
    assert "title" in ties.said[0]
    assert organisations.rows == [["Äly", "yes"], ["Työ", "no"]]


def test_a_cell_at_the_far_end_of_a_sheet_is_refused_before_it_is_read() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = "name"
    book.active["XFD1048576"] = "far"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(InputError, match="reaches to row 1,048,576"):
        sheets(out.getvalue(), "b.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in range(3):
            packed.writestr(f"xl/worksheets/sheet{part}.xml", b" " * 80_000_000)
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(InputError, match="unpacks to more than"):
        sheets(out.getvalue(), "b.xlsx")


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04nonsense", b"hello", b"\xd0\xcf\x11\xe0" + b"\0" * 99]
)
def test_what_is_no_workbook_is_told(data: bytes) -> None:
    with pytest.raises(InputError, match="no workbook that can be read"):
        sheets(data, "b.xlsx")


@cache
def one_workbook() -> bytes:
    """Return a workbook; another one would have another time in it."""
    return workbook(Ties=[["from", "to"], ["A", "B"]])


@given(st.data())
def test_a_damaged_workbook_is_read_or_refused_in_a_sentence(data: st.DataObject) -> None:
    whole = bytearray(one_workbook())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=5))
    said = ""
    try:
        sheets(bytes(whole), "b.xlsx")
    except InputError as error:
        said = str(error)
    assert said.isprintable() or not said


# --- networks --------------------------------------------------------------------------------


def written(graph: nx.Graph, ending: str, folder: Path) -> list[Table]:
    writers = {".graphml": nx.write_graphml_xml, ".gexf": nx.write_gexf, ".gml": nx.write_gml}
    path = folder / f"net{ending}"
    writers[ending](graph, path)
    return network(path.read_bytes(), path.name, ending, None)


@pytest.mark.parametrize("ending", [".graphml", ".gexf", ".gml"])
def test_a_network_file_has_nodes_and_edges_with_what_they_carry(
    ending: str, tmp_path: Path
) -> None:
    graph = nx.DiGraph()
    graph.add_edge("Työ", "Äly", weight=2)
    graph.add_edge("Äly", "Työ", weight=1)
    nodes, edges = written(graph, ending, tmp_path)
    assert edges.directed
    assert len(nodes.rows) == 2
    assert edges.cells("weight") == ["2", "1"]
    assert {"Työ", "Äly"} <= {cell for row in nodes.rows for cell in row}
    assert set(edges.cells("from")) == set(nodes.cells("id"))


@pytest.mark.parametrize("ending", [".graphml", ".gexf", ".gml"])
def test_a_two_mode_network_has_memberships(ending: str, tmp_path: Path) -> None:
    graph = nx.davis_southern_women_graph()
    graph.graph.clear()
    (memberships,) = written(graph, ending, tmp_path)
    assert memberships.kind == "memberships"
    assert len(memberships.rows) == graph.number_of_edges()
    assert len(set(memberships.cells("organisation"))) == 18
    assert "Evelyn Jefferson" in memberships.cells("organisation")


PAJEK = """\
% made up
*Network small
*Vertices 4
1 "Työ ja tuki"  0.1 0.2 0.5
2 "O'Hara"
3 Äly
4 "D"
*Arcs :1 "says"
1 2 3
*Edges
2 3
*Arcslist
4 1 2
"""


def test_pajek_has_arcs_edges_and_lists() -> None:
    nodes, edges = network(PAJEK.encode(), "a.net", ".net", None)
    assert nodes.cells("name") == ["Työ ja tuki", "O'Hara", "Äly", "D"]
    pairs = list(zip(edges.cells("from"), edges.cells("to"), edges.cells("weight"), strict=True))
    assert pairs == [
        ("1", "2", "3"), ("2", "3", "1"), ("4", "1", "1"), ("4", "2", "1"), ("3", "2", "1"),
    ]  # fmt: skip
    assert edges.directed


def test_pajek_of_two_modes_and_as_a_matrix() -> None:
    lists = '*Vertices 4 2\n1 "A"\n2 "B"\n3 "x"\n4 "y"\n*Edges\n1 3\n2 3\n2 4\n'
    matrix = '*Vertices 4 2\n1 "A"\n2 "B"\n3 "x"\n4 "y"\n*Matrix\n1 0\n1 1\n'
    for text in (lists, matrix):
        (memberships,) = network(text.encode(), "a.net", ".net", None)
        assert [row[:2] for row in memberships.rows] == [["A", "x"], ["B", "x"], ["B", "y"]]


def test_pajek_that_networkx_writes_is_read() -> None:
    graph = nx.karate_club_graph()
    text = "\n".join(nx.generate_pajek(graph))
    nodes, edges = network(text.encode(), "a.net", ".net", None)
    assert (len(nodes.rows), len(edges.rows), edges.directed) == (34, 78, False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("*Arcs\n1 2\n", "comes before"),
        ("*Vertices 2\n1 a\n2 b\n*Arcs\n1 7\n", "row 5 has vertex '7'; allowed is 1 to 2"),
        ("*Vertices many\n", "allowed is"),
        ("*Vertices 3 3\n", "two-mode"),
        ('*Vertices 1\n1 "a\n', "never closed"),
        ("hello\n", "comes before"),
        ("% nothing\n", "has no"),
    ],
)
def test_what_is_wrong_with_pajek_is_told_with_its_row(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        network(text.encode(), "a.net", ".net", None)


@pytest.mark.parametrize(
    "text",
    [
        "dl n=3, format=fullmatrix\nlabels:\nA,B,C\ndata:\n0 2 0\n1 0 0\n0 1 0\n",
        "DL N = 3\nLABELS EMBEDDED\nDATA:\n A B C\nA 0 2 0\nB 1 0 0\nC 0 1 0\n",
        "dl n=3 format=edgelist1\nlabels:\nA B C\ndata:\n1 2 2\n2 1\n3 2\n",
        "dl n=3 format=edgelist1\nlabels embedded:\ndata:\nA B 2\nB A 1\nC B 1\n",
    ],
)
def test_a_dl_file_of_ucinet_is_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "net.txt").write_text(text, "utf-8")
    tables = read([tmp_path / "net.txt"])
    found = make_world(tables, propose(tables).mapping(), "w").answers
    assert found.sides == {(0, 1): 0.5, (1, 0): 0.25, (2, 1): 0.25}


def test_a_dl_file_of_two_modes_says_who_is_in_which_group(tmp_path: Path) -> None:
    text = 'dl nr=2 nc=3\nrow labels:\n"A a" B\ncolumn labels:\nx y z\ndata:\n1 0 1\n0 1 1\n'
    (tmp_path / "net.dl").write_text(text, "utf-8")
    tables = read([tmp_path / "net.dl"])
    assert propose(tables).given["ties"]["layout"] == "groups"
    (tie,) = make_world(tables, propose(tables).mapping(), "w").world.ties
    assert tie.between == ["A a", "B"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dl n=3\ndata:\n0 1\n", "do not fit a matrix of 3 by 3"),
        ("dl n=x\ndata:\n", "n is missing"),
        ("dl n=2 nm=2\ndata:\n", "has 2 matrices"),
        ("dl n=2 format=nodelist1\ndata:\n", "allowed is fullmatrix or edgelist1"),
        ("dl n=2\n", "has no data"),
        ("dl n=2 format=el1\nlabels:\nA,B\ndata:\n1 7\n", "names nobody"),
    ],
)
def test_what_is_wrong_with_dl_is_told(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "net.dl").write_text(text, "utf-8")
    with pytest.raises(InputError, match=words):
        read([tmp_path / "net.dl"])


@pytest.mark.parametrize("ending", [".graphml", ".gexf", ".gml"])
def test_what_is_no_network_is_told(ending: str) -> None:
    with pytest.raises(InputError, match=f"a{ending}: is no {ending[1:]} network"):
        network(b"<hello>", f"a{ending}", ending, None)


def test_what_a_library_says_of_a_file_steers_no_terminal() -> None:
    with pytest.raises(InputError) as told:
        network(b"graph [ \x1b[2J ]", "a.gml", ".gml", None)
    assert str(told.value).isprintable()


def test_entities_in_xml_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><graphml/>'
    with pytest.raises(InputError, match="defines entities"):
        network(bomb, "a.graphml", ".graphml", None)


# --- files -----------------------------------------------------------------------------------


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ties.csv"
    with path.open("wb") as file:
        file.truncate(104_857_600)
    with pytest.raises(InputError, match=r"has 104,857,600 bytes; allowed are at most"):
        read([path])
    said: list[str] = []
    with path.open("wb") as file:
        file.write(b"from,to\n" + b"A,%s\n" % (b"B" * 76) * 50_000)
    assert 3_000_000 < path.stat().st_size < LARGEST_FILE
    read([path], say=said.append)
    assert said == [f"Reading {path}: 4 MB ..."]


def test_a_folder_is_read_without_what_cannot_be(tmp_path: Path) -> None:
    for name in ("ties.csv", "README.txt", "picture.png", ".hidden.csv", "mapping.toml"):
        (tmp_path / name).write_text("from,to\nA,B\n", "utf-8")
    found, mapping = files_in([str(tmp_path)])
    assert [path.name for path in found] == ["ties.csv"]
    assert mapping == tmp_path / "mapping.toml"


def test_everything_that_cannot_be_read_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text(" \n", "utf-8")
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04")
    paths = [tmp_path / name for name in ("empty.csv", "book.csv", "none.csv")]
    with pytest.raises(InputError) as told:
        read(paths)
    assert [words in said for words, said in zip(
        ("is empty", "is a workbook", "no such file"), told.value.sentences, strict=True
    )] == [True] * 3  # fmt: skip
    with pytest.raises(InputError, match=r"ends in '\.docx'"):
        files_in([str(tmp_path / "a.docx")])
