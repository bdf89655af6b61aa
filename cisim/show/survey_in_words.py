"""What the importer says of people's files, as somebody reads it who has no mapping in hand.

The importer speaks English, to a terminal, and of the mapping's keys. Here each of its sentences is
known by its form, and said again in the language that is spoken, under the same name in its file.
A sentence that is not known stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from cisim.show.language.forms import localised
from cisim.show.language.texts import say

_ROW = r"(?:row|edge|node) (?P<row>[\d,]+)"
_OTHER = r"(?:row|edge|node) (?P<other_row>[\d,]+)"
FORMS = {
    # names
    "empty_name": r"the name is empty; allowed is a name\.",
    "unseen": r"(?P<value>.+) has signs that cannot be seen; allowed is .+\.",
    "formula": r"(?P<value>.+) is a formula to a spreadsheet; allowed is a name\.",
    "long_name": r"a name has (?P<count>[\d,]+) letters; allowed are at most (?P<most>\d+)\.",
    "overall": r'"overall" means all regions together; allowed is another name\.',
    "again": rf"(?P<value>.+) is there before, in {_ROW}; is it one organisation\? .+",
    "key_again": rf"(?P<value>.+) is there before, in {_ROW}; allowed is a key of its own\.",
    "before": rf"(?P<value>.+) is there before, in {_ROW}\.",
    "alike": rf"(?P<one>.+) \({_ROW}\) and (?P<other>.+) \({_OTHER}\) may be one organisation; .+",
    "places_alike": rf"Communities (?P<one>.+) \({_ROW}\) and (?P<other>.+) \({_OTHER}\) may be "
    r"one; .+",
    # ties
    "unknown_near": r"(?P<value>.+) is no organisation of the files\. Did you mean "
    r"(?P<meant>.+?)\?.*",
    "unknown": r"(?P<value>.+) is no organisation of the files\.(?: There is .+)?",
    "self": r"(?P<value>.+) has a tie to itself; .+",
    "scale": r"is (?P<value>.+); allowed is (?P<low>\S+) to (?P<high>\S+), as the scale says\.",
    "number": r"is (?P<value>.+); allowed is a number(?:, or nothing)?\.",
    "year": r"is (?P<value>.+); allowed is a year or a date, or nothing\.",
    "year_most": r"is (?P<value>.+); allowed is a year up to (?P<most>\d+), .+\.",
    "years": r"is (?P<value>.+); allowed are (?:years|times) from 0\.",
    "date": r"is (?P<value>.+); allowed is a date, such as .+\.",
    "cell": r"is (?P<value>.+); allowed is 0, 1 or another number, or nothing\.",
    "group": r"is empty; allowed is a group\.",
    # figures that were observed
    "no_outcome": r"is (?P<value>.+), no outcome\..*",
    "no_month": r"is (?P<value>.+); allowed is .+, the horizon of .+\.",
    "no_error": r"error and tolerance are both 0, so no future could be that; .+",
    "figure_again": rf"is in {_ROW}, too; allowed is once\.",
    "no_such_region": r"is (?P<value>.+), no region of .+",
    "out_of_bounds": r"is (?P<value>\S+); (?:\w+ is|allowed is) "
    r"(?:at least|at most|from|a finite) .+",
    "no_column": r"has no column (?P<columns>.+) \(its columns: (?P<heads>.+)\); needed are .+",
    "odd_column": r"has a column (?P<column>.+) that means nothing here; .+",
    "answered": rf"(?P<one>.+) and (?P<other>.+) have an answer before, in {_ROW}; .+",
    # what is said of organisations and communities
    "children": r"is (?P<value>.+); allowed is a number of children, 1 or more\.",
    "share": r"is (?P<value>.+); allowed is a number from 0 to 1\.",
    "truth": r"(?:is )?(?P<value>.+?)(?:; allowed is yes or no| is neither yes nor no; allowed is "
    r"one of them)\.",
    "level": r"(?P<value>.+) is no level; allowed is local or regional\.",
    "sector": r"(?P<value>.+) is no sector that is known; .+",
    "own_time": r"(?P<value>.+) is no own time; allowed is a number above 0 \(FTE\), or nothing\.",
    "homeless": rf"(?P<value>.+) \({_ROW}\) is local and has no community; allowed is .+",
    "no_such_place": rf"(?P<value>.+) \({_ROW}\): community (?P<place>.+) is not among the "
    r"communities\..*",
    "two_regions": rf"(?P<value>.+) \({_ROW}\): region is (?P<region>.+), but its community "
    r"(?P<place>.+) is in (?P<other>.+)\.",
    "no_region": rf"Community (?P<value>.+) \({_ROW}\) has no region, and there are "
    r"(?P<count>[\d,]+); allowed is one of (?P<regions>.+)\.",
    # tables
    "no_ties": r"No ties are (?:found in|among) .+",
    "twice": r"(?P<one>.+) and (?P<other>.+) may both be the "
    r"(?:organisations|ties|communities|sponsors|payers|backbones); .+",
    "one_column": r"has one column; ties need two, from and to\.",
    "nobody": r"(?:has no|names no) organisation; allowed is at least one\.",
    "wide_row": r"row (?P<row>[\d,]+) has (?P<cells>[\d,]+) cells, the header (?P<heads>[\d,]+); "
    r".+",
    "open_quote": r"row (?P<row>[\d,]+) opens a quotation mark that is never closed(?:; .+|\.)",
    "wide_table": r"has (?P<count>[\d,]+) columns; allowed are at most (?P<most>[\d,]+)\.",
    "no_such_column": r"column (?P<value>.+?) of the mapping is not there\..*",
    "same_unknown": r"The mapping's same names (?P<value>.+), which is nowhere in the files\..*",
    "no_table": r"is empty; allowed is a table with headings\.",
    "many_rows": r"has (?:more than )?(?P<count>[\d,]+) rows(?: of ties)?; allowed are at most "
    r"(?P<most>[\d,]+)\.",
    "world_large": r"The world would be a file of .+ with (?P<ties>[\d,]+) ties; .+",
    "odd_field": r"is nothing of \w+ that is known\..*",
    "more": r"These are the first (?P<shown>[\d,]+) of (?P<count>[\d,]+) problems; .+",
    "no_name_column": r"which column has the name is not told.*",
    "no_tie_columns": r"which columns have the two organisations is not told; .+",
    # files
    "locked": r"is no workbook that can be read \((?P<reason>.+)\); allowed is .+",
    "no_sheet": r"has no sheet with anything in it\.",
    "hidden_workbook": r"is a workbook under the name of a text; name it \.xlsx or \.xls\.",
    "no_text": r"is no text; save it as CSV in UTF-8, or give the workbook\.",
    "not_in": r"byte (?P<byte>\d+) is no text in (?P<encoding>\S+); save the file as UTF-8\.",
    "bomb": r"unpacks to more than (?P<most>[\d,]+) bytes; .+",
    "far_cell": r"(?:a )?sheet .*reaches .+; allowed are at most (?P<most>[\d,]+) cells.*",
    "network": r"is no (?P<kind>\S+) network that can be read \(.+\)\.",
    "encoding": r"encoding is (?P<value>.+), which is not known; .+",
    # networks
    "no_vertices": r"has no \*Vertices; .+",
    "early": r"row (?P<row>[\d,]+) comes before \*Vertices .+",
    "sizes": r"row (?P<row>[\d,]+) is (?P<value>.+); allowed is \*Vertices and their number\.",
    "mode_sizes": r"row (?P<row>[\d,]+) is (?P<value>.+); of two-mode data .+",
    "vertex": r"row (?P<row>[\d,]+) has vertex (?P<value>.+); allowed is 1 to (?P<most>[\d,]+)\.",
    "no_nodes": r"has no nodes\.",
    "many_edges": r"has (?:more than )?(?P<count>[\d,]+) edges; allowed are at most .+",
    "entities": r"defines entities of its own; .+",
    "dl_format": r"format is (?P<value>.+); allowed is fullmatrix or edgelist1\.",
    "dl_matrices": r"has (?P<count>\S+) matrices; allowed is one\.",
    "dl_size": r"n is missing or no number; allowed is 1 to (?P<most>[\d,]+)\.",
    "dl_data": r"has no data; .+",
    "dl_fit": r"labels and data do not fit a matrix of (?P<high>[\d,]+) by (?P<count>[\d,]+)\.",
    "dl_nobody": r"(?P<value>.+) names nobody in labels\.",
    "dl_edge": r"(?P<value>.+) is no edge; allowed is a b 1\.",
    "group_pairs": r"groups make (?P<count>[\d,]+) pairs; allowed are at most (?P<most>[\d,]+) .+",
    # what was assumed
    "unmarked": r"has no mark of its encoding and is read as UTF-16\.",
    "page": r"is not UTF-8; it is read as (?P<page>.+) \(assume\.encoding in the mapping\)\.",
    "twice_saved": r"has (?P<value>.+), which looks like letters that were saved in the wrong "
    r"encoding before; look at the names\.",
    "title_row": r"row (?P<row>[\d,]+) is taken for a title, as one cell of it is filled\.",
    "ties_from": r"ties are from (?P<one>.+?) to (?P<other>.+?), (?:what the first says of the "
    r"second|of both sides).*\(ties\)\.",
    "sectors_guessed": r"no sector that is known, so (?P<sector>\w+): (?P<words>.+) "
    r"\(organisations\.sectors\)\.",
    "headless": r"the first row has no headings \(headless\)\.",
    "no_sector": r"(?P<n>[\d,]+) organisations? ha(?:s|ve) no sector in the files: "
    r"(?P<sector>\w+) \(.+\)\.",
    "no_community": r"(?P<n>[\d,]+) organisations? ha(?:s|ve) no community in the files: .+",
    "one_region": r"One region, called (?P<value>.+) \(assume\.region\)\.",
    "rest_region": r"Who has no region is in one called (?P<value>.+) \(assume\.region\)\.",
    "drawn": r"No community is named, so (?P<n>[\d,]+) are drawn with (?P<children>\S+) "
    r"children .+",
    "no_children": r"(?P<n>[\d,]+) communit(?:y has|ies have) no number of children: drawn around "
    r"(?P<children>\S+) \(assume\.children\)\.",
    "seed": r"A structure's regional staff is planned at (?P<fte>\S+) FTE a region .+",
    "given": r"Nobody else knows each other than the ties say .+",
    "unrated": r"No strength was asked: .+",
    "both_sides": r"A tie holds for both sides .+",
    "ends": r"(?P<column>.+): (?P<low>\S+) is the least, (?P<high>\S+) the most \(scale\)\.",
    "weightless": r"(?P<column>.+) is read and counts nothing .+",
    "from_ties": r"Organisations are those that the ties name: (?P<n>[\d,]+)\.",
    "silent": r"(?P<n>[\d,]+) organisations? names? nobody: each did not answer.+",
    "silent_none": r"(?P<n>[\d,]+) organisations? names? nobody: each has no tie .+",
    "several": r"(?P<n>[\d,]+) pairs? ha(?:s|ve) several answers; .+",
    "selves_left": r"(?P<n>[\d,]+) ties? of an organisation to itself left out .+",
    "unknown_left": r"(?P<n>[\d,]+) names? that the organisations lack left out .+",
    "stood_in": r"The other side's answer stands in for (?P<n>[\d,]+) .+",
    "slashes": r"(?P<n>[\d,]+) names? (?:is|are) written with - for a slash, .+",
    "diagonal": r"The diagonal of the matrix has (?P<n>[\d,]+) numbers?, .+",
    "groups": r"(?P<n>[\d,]+) groups: who sits in one knows each other, .+",
    # what is not used
    "unused_columns": r"not used: (?P<columns>.+)\.",
    "unused": r"(?P<file>.+) is not used\.",
    "no_answer": r"(?P<file>.+): column (?P<column>.+) has no answer\.",
    "many_sectors": r"(?P<file>.+): has (?P<count>[\d,]+) different words for a sector, .+",
    "many_words": r"(?P<file>.+): column (?P<column>.+) has (?P<count>[\d,]+) different texts, .+",
    # what no form above has, as this one takes nearly all
    "words": r"is (?P<value>.+); allowed is (?P<words>.+)\.",
}
"""The sentences, or what they say after file, row and column, by name; the first that fits."""
_COUNTS = (
    "row", "other_row", "count", "most", "cells", "heads", "shown", "low", "high", "children",
    "fte", "ties",
)  # fmt: skip
_PLACE = re.compile(r"(?P<file>[^:]+): (?P<what>.+)", re.DOTALL)
_AT_START = re.compile(
    r"(?P<file>\S.*?) (?P<what>(?:is not UTF-8;|has no mark of|has .+, which looks like).+)"
)


def in_words(sentence: str) -> str:
    """Return what a sentence of the importer says, in the language that is spoken."""
    said = _said(sentence)
    if said is not None:
        return said
    for form in (_PLACE, _AT_START):
        apart = form.fullmatch(sentence)
        said = None if apart is None else _said(apart["what"])
        if apart is not None and said is not None:
            return f"{apart['file']}: {said}"
    return sentence


def known(sentence: str) -> str:
    """Return the name of the form of a sentence, "" if it is not known."""
    apart = [form.fullmatch(sentence) for form in (_PLACE, _AT_START)]
    for text in (sentence, *(one["what"] for one in apart if one is not None)):
        for name, form in _forms().items():
            if form.fullmatch(text):
                return name
    return ""


def _said(text: str) -> str | None:
    for name, form in _forms().items():
        found = form.fullmatch(text)
        if found is not None:
            return say(f"survey.{name}", **_filled(found.groupdict()))
    return None


def _filled(given: dict[str, str]) -> dict[str, object]:
    """Return what is filled in: `n` as a number, which chooses the form, others as they read."""
    filled: dict[str, object] = {}
    for name, text in given.items():
        if name == "n":
            filled["n"] = int(text.replace(",", ""))
        elif name in _COUNTS:
            filled[name] = localised(text)
        elif name == "sector":
            filled[name] = say(f"own_sectors.{text}")
        else:
            filled[name] = _marked(text)
    return filled


def _marked(text: str) -> str:
    """Return a text with the language's quotation marks where Python has put its own."""
    bare = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return say("survey.quoted", text=text[1:-1]) if bare else text


@cache
def _forms() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(form, re.DOTALL) for name, form in FORMS.items()}
