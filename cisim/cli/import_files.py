"""`cisim import`: a partnership from one's own files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.endings import DONE, WRONG_INPUT
from cisim.cli.figures import print_json
from cisim.cli.language import LanguageOption, speak_as_asked
from cisim.cli.options import AsJson, Quiet
from cisim.cli.progress import say_unless
from cisim.cli.streams import say, show

if TYPE_CHECKING:
    from cisim.lab.survey.fit import Fit
    from cisim.lab.survey.importing import Imported
    from cisim.lab.survey.mapping import Mapping
    from cisim.lab.survey.tables import Table
    from cisim.world.structure import Structure

SECTORS = ("education", "social", "health", "youth", "third", "private")


def _sector(text: str) -> str:
    if text not in SECTORS:
        raise typer.BadParameter(f"is {text[:60]!r}; allowed is one of {', '.join(SECTORS)}")
    return text


def import_(
    context: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(metavar="FOLDER|FILE...", help="A folder, or files: CSV, Excel, networks."),
    ],
    out: Annotated[
        str | None,
        typer.Option("--out", "-o", metavar="WORLD.toml", help="The world that is written."),
    ] = None,
    structure: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.toml",
            help="Write sponsors, payers and backbones of the files as a structure.",
        ),
    ] = None,
    mapping: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|NAME",
            help="What columns and scales mean: a file, or partner. In a folder: mapping.toml.",
        ),
    ] = None,
    propose: Annotated[
        str | None,
        typer.Option(metavar="FILE.toml", help="Write what the files seem to mean, and stop."),
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take what the files seem to mean without asking.")
    ] = False,
    sector: Annotated[
        str | None,
        typer.Option(
            metavar="SECTOR", help="Of organisations whose sector is not told.", parser=_sector
        ),
    ] = None,
    language: LanguageOption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Make a world of one's own files: who there is, and who works with whom.

    Example: cisim import survey -o county.toml
    """
    from cisim.model.input_error import InputError

    speak_as_asked(context, language)
    try:
        return _import(files, out, structure, mapping, propose, accept, sector, as_json, quiet)
    except InputError as error:
        for sentence in error.sentences:
            say(sentence)
        return WRONG_INPUT


def _import(
    files: Sequence[str],
    out: str | None,
    structure: str | None,
    mapping_name: str | None,
    propose: str | None,
    accept: bool,
    sector: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    from cisim.lab.survey.importing import make_world
    from cisim.lab.survey.mapping import load_mapping
    from cisim.lab.survey.reading import files_in, read
    from cisim.lab.survey.written import check_place, write
    from cisim.model.input_error import InputError, Problems, printable
    from cisim.show.language.texts import say as words
    from cisim.show.told import told

    _check_options(out, structure, mapping_name, propose, accept)
    problems = Problems()
    world_path = structure_path = proposal_path = None
    with problems.gathered():
        world_path = None if out is None else check_place(out, "--out")
    with problems.gathered():
        structure_path = None if structure is None else check_place(structure, "--structure")
    with problems.gathered():
        proposal_path = None if propose is None else _new_file(propose)
    paths: list[Path] = []
    beside: Path | None = None
    with problems.gathered():
        paths, beside = files_in(files)
    problems.refuse()
    if beside is not None and mapping_name is not None:
        both = {"given": printable(mapping_name), "beside": printable(beside)}
        raise InputError(words("imported.two_mappings", **both))
    given: Mapping | None = None
    named = mapping_name or (None if beside is None or propose is not None else str(beside))
    if named is not None:
        given = load_mapping(named)
    if given is not None and accept:
        raise InputError(words("imported.idle_accept", given=printable(named or "")))
    encoding = None if given is None else given.assume.encoding
    headless = () if given is None else given.headless
    tables = read(paths, encoding, say_unless(quiet), headless)

    unused: list[str] = []
    guessed: list[str] = []
    if given is None:
        proposal, code = _proposed(tables, sector, proposal_path, accept, quiet, as_json)
        if proposal is None:
            return code
        given, unused, guessed = proposal
    elif sector is not None:
        assume = given.assume.model_copy(update={"sector": sector})
        given = given.model_copy(update={"assume": assume})
    assert world_path is not None
    decisions, left_over = _decisions(tables, given, structure_path)
    unused += left_over
    made = make_world(tables, given, world_path.stem, guessed, told)
    if decisions is not None:
        from cisim.lab.survey.decisions import check_fits

        check_fits(decisions[0], made.world)
    fitted = _fit(made, quiet)
    if structure_path is not None and decisions is not None:
        write(structure_path, decisions[1], "--structure")
    write(world_path, made.text, "--out")
    if as_json:
        print_json(_as_json(made, fitted, unused, out, structure))
        return DONE
    _print(made, fitted, unused, out or "", structure)
    return DONE


def _check_options(
    out: str | None,
    structure: str | None,
    mapping: str | None,
    propose: str | None,
    accept: bool,
) -> None:
    from cisim.model.input_error import InputError
    from cisim.show.language.texts import say as words

    if propose is not None:
        for option, value in (
            ("--out", out), ("--structure", structure), ("--mapping", mapping),
            ("--accept", accept or None),
        ):  # fmt: skip
            if value is not None:
                raise InputError(words("imported.idle_beside_propose", option=option))
    elif out is None:
        raise InputError(words("imported.no_out"))
    elif structure is not None and Path(structure).absolute() == Path(out).absolute():
        raise InputError(words("imported.one_file"))
    if mapping is not None and accept:
        raise InputError(words("imported.accept_mapping"))


def _new_file(given: str) -> Path:
    from cisim.lab.survey.written import check_place
    from cisim.model.input_error import InputError, printable
    from cisim.show.language.texts import say as words

    path = Path(given)
    if path.exists():
        raise InputError(words("imported.propose_there", given=printable(given)))
    return check_place(given, "--propose")


def _proposed(
    tables: Sequence[Table],
    sector: str | None,
    path: Path | None,
    accept: bool,
    quiet: bool,
    as_json: bool,
) -> tuple[tuple[Mapping, list[str], list[str]] | None, int]:
    """Return the mapping that is accepted, what it leaves out and takes for what; or how to end."""
    from cisim.lab.survey.proposal import propose
    from cisim.lab.survey.written import write
    from cisim.model.input_error import printable
    from cisim.show.language.texts import say as words
    from cisim.show.told import told

    proposal = propose(tables, sector)
    if accept or (proposal.known and path is None):
        return (proposal.mapping(), proposal.unused, proposal.guessed), DONE
    if path is not None:
        write(path, proposal.text(told), "--propose")
        if as_json:
            print_json(
                {
                    "command": "import",
                    "proposal": str(path),
                    "unused": proposal.unused,
                    "open": proposal.open,
                }
            )
        else:
            show(words("imported.proposed", file=printable(path)))
        if not quiet:
            for sentence in (*proposal.unused, *proposal.open):
                say(told(sentence))
        return None, DONE
    say(words("imported.not_told"))
    if as_json:
        rest = {"unused": proposal.unused, "open": proposal.open}
        print_json({"command": "import", "proposal": proposal.text(), **rest})
        return None, WRONG_INPUT
    show(proposal.text(told), end="")
    for sentence in (*proposal.unused, *proposal.open):
        show(words("imported.comment", said=told(sentence)))
    return None, WRONG_INPUT


def _decisions(
    tables: Sequence[Table], mapping: Mapping, wanted: Path | None
) -> tuple[tuple[Structure, str] | None, list[str]]:
    """Return the structure of the files and its text, None if none is wanted, and what is left."""
    from cisim.lab.survey.proposal import OTHERS, roles
    from cisim.model.input_error import InputError, printable
    from cisim.show.language.texts import say as words

    found = roles(tables, mapping)
    there = [found[role] for role in OTHERS if role in found]
    if wanted is None:
        return None, [words("imported.left", file=printable(one.file)) for one in there]
    if not there:
        raise InputError(words("imported.idle_structure"))
    from cisim.lab.survey.decisions import structure

    return structure(found, mapping, wanted.stem), []


def _fit(made: Imported, quiet: bool) -> Fit:
    from cisim.lab.survey.fit import fit
    from cisim.lab.warm import warm

    warm(say_unless(quiet))
    return fit(made.world, made.answers)


def _as_json(
    made: Imported, fitted: Fit, unused: Sequence[str], out: str | None, structure: str | None
) -> dict[str, Any]:
    def plain(value: float) -> float | None:
        return None if math.isnan(value) else value

    return {
        "command": "import",
        "world": out,
        **({} if structure is None else {"structure": structure}),
        "regions": len(made.world.regions),
        "communities": made.world.community_count,
        "organisations": len(made.world.organisations),
        "ties": len(made.world.ties),
        "missing": made.answers.missing,
        "missing_share": made.answers.missing_share,
        "month_0": {
            "order": plain(fitted.order),
            "data": {key: plain(value) for key, value in fitted.data._asdict().items()},
            "model": {key: plain(value) for key, value in fitted.model._asdict().items()},
        },
        "assumed": list(made.said),
        "notes": _notes(made),
        "unused": list(unused),
    }


def _print(
    made: Imported, fitted: Fit, unused: Sequence[str], out: str, structure: str | None
) -> None:
    from cisim.lab.survey.fit import GOOD_ENOUGH
    from cisim.model.input_error import printable
    from cisim.show.language.texts import say as words
    from cisim.show.tables import number, paragraph, table, terminal_width
    from cisim.show.told import told

    width = terminal_width()
    world = made.world
    head = words(
        "imported.made",
        file=printable(out),
        regions=words("imported.regions", n=len(world.regions)),
        communities=words("imported.communities", n=world.community_count),
        organisations=words("imported.organisations", n=len(world.organisations)),
        ties=words("imported.ties", n=len(world.ties)),
    )
    show(paragraph(head, width))
    if structure is not None:
        show(words("imported.structure", file=printable(structure)))
    if made.answers.missing:
        missing = share(made.answers.missing_share)
        show(paragraph(words("imported.missing", share=missing), width))
    show("\n" + words("imported.fit"))
    rows = [
        [words("imported.order"), "", number(fitted.order)],
        [words("imported.density"), *_both(fitted, "density")],
        [words("imported.reciprocity"), *_both(fitted, "reciprocity")],
        [words("imported.centralisation"), *_both(fitted, "centralisation")],
    ]
    show(table(rows, ["", words("imported.data"), words("imported.month_0")]))
    if math.isnan(fitted.order):
        show(words("imported.no_order"))
    elif fitted.order < GOOD_ENOUGH:
        least = number(GOOD_ENOUGH, 1)
        show(paragraph(words("imported.poor_order", least=least), width))
    for heading, sentences in (
        (words("imported.assumed"), made.said),
        (words("imported.unused"), unused),
        (words("imported.notes"), _notes(made)),
    ):
        if sentences:
            show("\n" + heading)
            for sentence in sentences:
                said = words("imported.sentence", said=told(sentence))
                show(paragraph(said, width, "  "))


def _notes(made: Imported) -> list[str]:
    """Return where the place lies outside what the model is believed for."""
    from cisim.model.parameters import Parameters
    from cisim.world.believed import place_notes

    return place_notes(made.world, Parameters())


def share(part: float) -> str:
    """Return a share in words: "3 %", "less than 1 %"."""
    from cisim.show.language.texts import say as words

    if 0 < part < 0.005:
        return words("imported.little")
    return words("imported.share", share=100 * part)


def _both(fitted: Fit, measure: str) -> list[str]:
    from cisim.show.tables import number

    return [number(getattr(fitted.data, measure)), number(getattr(fitted.model, measure))]
