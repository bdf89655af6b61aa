"""What the importer says, by name: of people's files, of what it assumed and left out.

The page says some of it in shorter words, under the same names (`[survey]` of a language's file).
"""

from __future__ import annotations

from cisim.model.plain_text import ALLOWED
from cisim.model.told import Sentences, Told

SAYS = Sentences(
    "survey",
    # where
    of="{where}: {what}",
    row="row",
    edge="edge",
    node="node",
    in_row="{file}: {kind} {row:,}",
    in_cell="{file}: {kind} {row:,}, column {column}",
    in_column="{file}: column {column}",
    place="{kind} {row:,}",
    more=(
        "These are the first {shown} of {count:,} problems; {left:,} more are like them or follow "
        "after them."
    ),
    # figures that were observed
    tolerance="tolerance is {tolerance}; allowed is a number from 0 to 10.",
    many_figures="has {count:,} figures; allowed are at most {most:,}.",
    table_ending="ends in {suffix}; allowed is a file that ends in {known}.",
    sheets="has several sheets with something in them ({sheets}); allowed is one.",
    no_column=(
        "has no column {columns} (its columns: {heads}); needed are {needed}, and allowed are "
        "error, tolerance, region and source, too."
    ),
    odd_column=("has a column {column} that means nothing here; allowed are {known}, each once."),
    out_of_bounds="is {value}; {outcome} is {span}.",
    error_bounds="is {value}; allowed is {span}.",
    no_error=(
        "error and tolerance are both 0, so no future could be that; allowed is one of them above "
        "0{of}."
    ),
    usual_tolerance=" (left out, tolerance is {share} of the value)",
    figure_again="is in {row}, too; allowed is once.",
    no_outcome="is {value}, no outcome.{near} (cisim list outcomes)",
    no_month="is {value}; allowed is {low} to {high}{number_too}, the horizon of {scenario}.",
    number_too=", or a month's number, 0 to {last}",
    no_such_region=(
        "is {value}, no region of {world}.{near} Left out, the figure is of all together."
    ),
    unit=" ({unit})",
    finite="a finite number{unit}",
    at_least="at least {low}{unit}",
    at_most="at most {high}{unit}",
    from_to="from {low} to {high}{unit}",
    # answers
    unknown="{value} is no organisation of the files.{near}",
    unknown_near=(
        "{value} is no organisation of the files. Did you mean {meant}? Then write same = "
        '[["{meant}", "{name}"]] in the mapping.'
    ),
    words="is {value}; allowed is {words}.",
    year="is {value}; allowed is a year or a date, or nothing.",
    number="is {value}; allowed is a number, or nothing.",
    years="is {value}; allowed are years from 0.",
    times="is {value}; allowed are times from 0.",
    scale="is {value}; allowed is {low} to {high}, as the scale says.",
    year_most="is {value}; allowed is a year up to {most}, in which the survey was made.",
    date="is {value}; allowed is a date, such as 2026-11-27 or 27.11.2026.",
    cell="is {value}; allowed is 0, 1 or another number, or nothing.",
    in_group="is {value}; allowed is 0, 1 or nothing.",
    children="is {value}; allowed is a number of children, 1 or more.",
    share="is {value}; allowed is a number from 0 to 1.",
    yes_or_no="is {value}; allowed is yes or no.",
    rule_mean="mean",
    rule_highest="highest",
    rule_latest="latest",
    several={
        "one": "{n:,} pair has several answers; the {rule} counts (ties.several).",
        "other": "{n:,} pairs have several answers; the {rule} counts (ties.several).",
    },
    diagonal={
        "one": "The diagonal of the matrix has {n:,} number, which is left out.",
        "other": "The diagonal of the matrix has {n:,} numbers, which are left out.",
    },
    silent={
        "one": (
            "{n:,} organisation names nobody: each did not answer, so its side is unknown "
            "(ties.silent)."
        ),
        "other": (
            "{n:,} organisations name nobody: each did not answer, so its side is unknown "
            "(ties.silent)."
        ),
    },
    silent_none={
        "one": "{n:,} organisation names nobody: each has no tie from its side (ties.silent).",
        "other": "{n:,} organisations name nobody: each has no tie from its side (ties.silent).",
    },
    selves_left={
        "one": "{n:,} tie of an organisation to itself left out (ties.self_ties).",
        "other": "{n:,} ties of an organisation to itself left out (ties.self_ties).",
    },
    unknown_left={
        "one": "{n:,} name that the organisations lack left out (ties.unknown).",
        "other": "{n:,} names that the organisations lack left out (ties.unknown).",
    },
    stood_in={
        "one": "The other side's answer stands in for {n:,} that is missing (ties.other_side).",
        "other": "The other side's answer stands in for {n:,} that are missing (ties.other_side).",
    },
    from_ties={
        "one": "Organisations are those that the ties name: {n:,}.",
        "other": "Organisations are those that the ties name: {n:,}.",
    },
    slashes={
        "one": "{n:,} name is written with - for a slash, which parts names in cisim.",
        "other": "{n:,} names are written with - for a slash, which parts names in cisim.",
    },
    no_sector={
        "one": (
            "{n:,} organisation has no sector in the files: {sector} (--sector, or assume.sector)."
        ),
        "other": (
            "{n:,} organisations have no sector in the files: {sector} (--sector, or "
            "assume.sector)."
        ),
    },
    no_community={
        "one": (
            "{n:,} organisation has no community in the files: {level} (assume.level, or a column)."
        ),
        "other": (
            "{n:,} organisations have no community in the files: {level} (assume.level, or a "
            "column)."
        ),
    },
    no_children={
        "one": (
            "{n:,} community has no number of children: drawn around {children:,g} "
            "(assume.children)."
        ),
        "other": (
            "{n:,} communities have no number of children: drawn around {children:,g} "
            "(assume.children)."
        ),
    },
    sizes="row {row:,} is {value}; allowed is *Vertices and their number.",
    mode_sizes=(
        "row {row:,} is {value}; of two-mode data the second number is how many of all vertices "
        "are of the "
        "first mode."
    ),
    row_quote="row {row:,} opens a quotation mark that is never closed.",
    unmarked="{where} has no mark of its encoding and is read as UTF-16.",
    encoding=(
        "encoding is {value}, which is not known; allowed is utf-8, utf-16, cp1252, "
        "mac_roman, cp850 or another name that Python knows."
    ),
    not_in="byte {byte} is no text in {encoding}; save the file as UTF-8.",
    no_text="is no text; save it as CSV in UTF-8, or give the workbook.",
    page="{where} is not UTF-8; it is read as {page} (assume.encoding in the mapping).",
    twice_saved=(
        "{where} has {value}, which looks like letters that were saved in the wrong encoding "
        "before; look at the names."
    ),
    entities="defines entities of its own; allowed is XML without.",
    network="is no {kind} network that can be read ({reason}).",
    early="row {row:,} comes before *Vertices and their number.",
    vertex="row {row:,} has vertex {value}; allowed is 1 to {most:,}.",
    many_edges="has more than {count:,} edges; allowed are at most that many.",
    no_vertices="has no *Vertices; allowed is a Pajek network.",
    no_nodes="has no nodes.",
    too_many_edges="has {count:,} edges; allowed are at most {most:,}.",
    no_ties_among=(
        "No ties are among the files; allowed is a file that the mapping names under [ties], "
        "or one called ties.csv."
    ),
    no_tie_columns=(
        "which columns have the two organisations is not told; write from and to under "
        "[ties] in the mapping."
    ),
    is_it=" (is it {column}?)",
    no_name_column=(
        "which column has the {field} is not told{near}; write {field} under [{role}] in the "
        "mapping."
    ),
    no_such_column="column {value} of the mapping is not there.{near}",
    many_rows="has {count:,} rows of ties; allowed are at most {most:,}.",
    assumed="Assumed where the files say nothing:",
    under_notes="What was assumed stands under notes.",
    world_large=(
        "The world would be a file of {size:,} bytes with {ties:,} ties; allowed are at most "
        "{most:,} bytes."
    ),
    unrated="No strength was asked: every tie that is named is as strong as any (ties.measures).",
    weightless="{column} is read and counts nothing (its weight in ties.measures is 0).",
    matrix="The matrix",
    ends="{column}: {low} is the least, {high} the most (scale).",
    both_sides="A tie holds for both sides (ties.directed).",
    given="Nobody else knows each other than the ties say (assume.acquaintance).",
    before="{value} is there before, in {row}.",
    homeless=(
        "{value} ({row}) is local and has no community; allowed is a community, or the level "
        "regional."
    ),
    no_such_place="{value} ({row}): community {place} is not among the communities.{near}",
    two_regions="{value} ({row}): region is {region}, but its community {place} is in {other}.",
    no_region=(
        "Community {value} ({row}) has no region, and there are {count:,}; allowed is one of "
        "{regions}."
    ),
    one_region="One region, called {value} (assume.region).",
    rest_region="Who has no region is in one called {value} (assume.region).",
    places_alike=(
        "Communities {one} ({row}) and {other} ({other_row}) may be one; write one name in "
        'the file, or different = [["{name}", "{other_name}"]] in the mapping.'
    ),
    drawn={
        "one": (
            "No community is named, so {n:,} is drawn with {children:,g} children in the mean; "
            "it has no name and no organisations of its own (assume.communities, "
            "assume.children, or a table of communities)."
        ),
        "other": (
            "No community is named, so {n:,} are drawn with {children:,g} children in the mean; "
            "they have no names and no organisations of their own (assume.communities, "
            "assume.children, or a table of communities)."
        ),
    },
    seed={
        "one": (
            "A structure's regional staff is planned at {fte:g} FTE a region (assume.seed_fte)."
        ),
        "other": (
            "A structure's regional staff is planned at {fte:g} FTE a region (assume.seed_fte)."
        ),
    },
    no_such_file=(
        "{role}.file is {file} in the mapping, which is none of the files; there is {files}."
    ),
    twice=(
        "{one} and {other} may both be the {role}; give one of them, or name it in a mapping "
        "under [{role}] as file."
    ),
    no_ties=(
        "No ties are found in {files}; allowed is a list with two columns of organisations "
        "(from, to), a matrix, or a network file."
    ),
    unused="{file} is not used.",
    c_headless="their first row has no headings",
    headless="the first row has no headings (headless).",
    c_sector="of an organisation whose sector is not told",
    unused_columns="not used: {columns}.",
    and_more="{names} and {more} more",
    c_first="no heading says so: the first column",
    c_sectors="not known: education, social, health, youth, third or private?",
    many_sectors="has {count} different words for a sector, too many to propose.",
    sectors_guessed="no sector that is known, so {sector}: {words} (organisations.sectors).",
    c_rows="rows are the organisations; second: columns are",
    c_groups=(
        "who sit in one group are tied: shared counts groups, small counts small ones more, "
        "any counts all alike"
    ),
    one_column="has one column; ties need two, from and to.",
    c_firsts="no heading says so: the first columns",
    c_file="as the file says",
    c_one_way="no pair is there both ways, so a row holds for both; true: the first says it",
    c_directed="a row is what the first says of the second; false: it holds for both",
    c_numbers="the only column of numbers",
    kind_in=", {kind} in {column}",
    of_second="what the first says of the second",
    of_both="of both sides",
    ties_from="ties are from {one} to {other}, {way}{asked} (ties).",
    c_halves="both halves are equal: it holds for both sides",
    c_row="a row is what one says of the others",
    c_no_tie="the answers that say least and most; 0 is no tie",
    no_answer="{file}: column {column} has no answer.",
    c_year="the year of the survey; here the latest in the data",
    c_times="times, on a scale of their logarithm",
    c_years="years that count; more than the last count alike",
    c_turn="the answers that say least and most; turn them round where 1 is the most",
    many_words="{file}: column {column} has {count:,} different texts, too many for a scale.",
    unordered=(
        "has words whose order is not known; save the proposal (--propose mapping.toml) and "
        "put levels into their order, the least first."
    ),
    c_order="PUT INTO THEIR ORDER, the least first",
    c_least="from the least to the most",
    c_value=(
        "what a partner is worth is no strength of the tie: read and checked, it counts nothing"
    ),
    proposed=(
        "# What cisim takes these files for. Look at each line, change what is wrong, and "
        "keep the file\n# beside them as mapping.toml, or give it as --mapping. "
        'docs/import.md tells what may stand here.\n# same = [["One name", "The same by '
        'another name"]]     different = [["School A", "School B"]]\n'
    ),
    no_files="has no file that can be read; allowed are {known}.",
    ending="ends in {suffix}; allowed is a folder or a file that ends in {known}.{near}",
    mappings="{files}: are several mappings; allowed is one.",
    given_twice="is given twice; allowed is each name once.",
    nothing="There is nothing to read; allowed is a folder, or files with data.",
    hidden_workbook="is a workbook under the name of a text; name it .xlsx or .xls.",
    a_folder="is a folder under the name of a file.",
    no_file="is no ordinary file; allowed is one.",
    large="has {size:,} bytes; allowed are at most {most:,}, which is some 400,000 ties.",
    reading="Reading {file}: {size:,.0f} MB ...",
    gone="there is no such file.",
    unread="cannot be read ({reason}).",
    endless="has more than {most:,} bytes; allowed are at most that many.",
    no_table="is empty; allowed is a table with headings.",
    empty_name="the name is empty; allowed is a name.",
    unseen=f"{{value}} has signs that cannot be seen; allowed is {ALLOWED}.",
    formula="{value} is a formula to a spreadsheet; allowed is a name.",
    long_name="a name has {count:,} letters; allowed are at most {most}.",
    overall='"overall" means all regions together; allowed is another name.',
    again=(
        "{value} is there before, in {row}; is it one organisation? In the mapping write "
        'same = [["{name}", "{name}"]], or different = ... so.'
    ),
    key_again="{value} is there before, in {row}; allowed is a key of its own.",
    nobody="has no organisation; allowed is at least one.",
    headings="the headings",
    nobody_named="names no organisation; allowed is at least one.",
    alike=(
        "{one} ({row}) and {other} ({other_row}) may be one organisation; in the mapping "
        "write same = [{pair}] or different = [{pair}]."
    ),
    same_unknown="The mapping's same names {value}, which is nowhere in the files.{near}",
    sector=(
        "{value} is no sector that is known; say in the mapping under "
        "[organisations.sectors] which of education, social, health, youth, third and "
        "private it is."
    ),
    level="{value} is no level; allowed is local or regional.",
    own_time="{value} is no own time; allowed is a number above 0 (FTE), or nothing.",
    truth="{value} is neither yes nor no; allowed is one of them.",
    too_many_rows="has more than {count:,} rows; allowed are at most {most:,}.",
    wide_table="has {count:,} columns; allowed are at most {most:,}.",
    wide_row=(
        "row {row:,} has {cells:,} cells, the header {heads:,}; put quotation marks around a "
        "text with the separator in it."
    ),
    long_cell=(
        "row {row:,} has a cell that is too long; close its quotation mark, or double marks that "
        "belong to the text."
    ),
    open_quote=(
        "row {row:,} opens a quotation mark that is never closed; close it, or double marks that "
        "belong to the text."
    ),
    group_pairs=(
        "groups make {count:,} pairs; allowed are at most {most:,} (the largest, "
        "{largest!r}, has {members:,} members)."
    ),
    dl_format="format is {value}; allowed is fullmatrix or edgelist1.",
    dl_matrices="has {count} matrices; allowed is one.",
    dl_size="n is missing or no number; allowed is 1 to {most:,}.",
    dl_data="has no data; allowed is a part that begins with data:.",
    dl_fit="labels and data do not fit a matrix of {high:,} by {count:,}.",
    dl_nobody="{value} names nobody in labels.",
    dl_edge="{value} is no edge; allowed is a b 1.",
    far_sheet=(
        "sheet {sheet} reaches over {rows:,} rows and {columns:,} columns; allowed are at "
        "most {most:,} cells."
    ),
    no_sheet="has no sheet with anything in it.",
    locked=(
        "is no workbook that can be read ({reason}); allowed is an Excel or OpenDocument "
        "workbook without a password, or CSV."
    ),
    bomb="unpacks to more than {most:,} bytes; allowed are at most that many.",
    far_cell=(
        "a sheet reaches to row {row:,} and column {column:,}; allowed are at most {most:,} "
        "cells (is there something in a cell far away?)."
    ),
    title_row="row {row} is taken for a title, as one cell of it is filled.",
    not_toml="{option} is {given}; allowed is a file that ends in .toml.",
    is_folder="{option} is {given}, a folder; allowed is a file.",
    not_ours=(
        "{option} is {given}, which is there and was not written by cisim import; allowed is "
        "a new name."
    ),
    no_place="{option} is {given}, where nothing can be written; allowed is a folder of yours.",
    unusable="{option} is {given}, which cannot be used ({reason}).",
    unwritten="{option} is {path}, which cannot be written ({reason}).",
    is_number="is {value}; allowed is a number.",
    odd_mapping="{field} of the mapping is nothing of {role}.{near}",
    odd_field="is nothing of {role} that is known.{near}",
    no_mapping="{given} is no mapping that ships, or the path of a .toml file.{near}",
    self=(
        '{value} has a tie to itself; allowed are ties of two (self_ties = "drop" in the '
        "mapping leaves them out)."
    ),
    answered="{one} and {other} have an answer before, in {place}; allowed is one.",
    group="is empty; allowed is a group.",
    rule_shared="a tie is as strong as they share groups, against the pair that shares most",
    rule_small="a small group makes a stronger tie, 1 / (members - 1) each (Newman 2001)",
    rule_any="all such ties are equally strong",
    groups={
        "one": "{n:,} group: who sits in it knows each other, and {rule} (ties.groups).",
        "other": "{n:,} groups: who sits in one knows each other, and {rule} (ties.groups).",
    },
)


def of(where: str, what: str) -> Told:
    """Return what is wrong, or assumed, with where that is: "ties.csv: is empty ..."."""
    return SAYS("of", where=where, what=what)
