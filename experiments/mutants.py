"""Do the tests notice when the code is wrong? Single changes, each tried against the tests.

    python experiments/mutants.py --group luck --sample 60 --seed 1
    python experiments/mutants.py --page            writes results/mutants.md from what is known

A mutant is one change of one place: an operator, a comparison, a number, a sign, a condition, a
statement that is left out. It is made in a temporary copy of the checkout, and the tests of its
group run there until one fails. Verdicts are kept, one line each: a mutant that was killed is not
tried again while its sources are the same, one that lived while its tests are, too. Mutants that
change nothing that anybody could see are named, with the reason, in experiments/mutants.toml.

Kernels run uncompiled where their own sources are changed (NUMBA_DISABLE_JIT=1).
"""

from __future__ import annotations

import argparse
import ast
import compileall
import copy
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile, zip_longest
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
EQUIVALENT = Path(__file__).with_suffix(".toml")
PAGE = ROOT / "results" / "mutants.md"
COPIED = (
    *("cisim", "configs", "docs", "experiments", "tests"),
    *("pyproject.toml", "requirements.lock", "requirements-core.lock", "README.md"),
)


class Group(NamedTuple):
    """Sources that are changed, tests that should notice, and which share of mutants is the aim.

    compiled : whether kernels are; else they run as Python
    """

    sources: tuple[str, ...]
    tests: tuple[str, ...]
    aim: float
    compiled: bool


GROUPS = {
    "luck": Group(("cisim/model/luck.py",), ("tests/model/test_luck.py",), 0.95, False),
    "store": Group(
        ("cisim/lab/disk.py", "cisim/lab/manifest.py", "cisim/lab/store.py", "cisim/lab/parts.py"),
        (
            *("tests/lab/test_disk.py", "tests/lab/test_parts.py", "tests/lab/test_store.py"),
            "tests/lab/test_each.py",
        ),
        0.95,
        True,
    ),
    "compare": Group(
        ("cisim/lab/compare.py", "cisim/lab/comparison.py"),
        ("tests/lab/test_compare.py", "tests/lab/test_each.py", "tests/lab/test_bill.py"),
        0.95,
        True,
    ),
    "learning": Group(
        ("cisim/model/processes/learning.py",), ("tests/model/test_learning.py",), 0.90, False
    ),
    "processes": Group(
        ("cisim/model/processes",),
        (
            *("tests/model/test_learning.py", "tests/model/test_paying.py"),
            *("tests/model/test_processes.py", "tests/reference"),
        ),
        0.90,
        False,
    ),
    "outcomes": Group(
        ("cisim/model/outcomes",),
        (
            *("tests/model/test_outcomes.py", "tests/model/test_observing.py"),
            *("tests/model/test_mesa.py", "tests/model/test_saved.py"),
        ),
        0.90,
        False,
    ),
}


# --- what is changed -------------------------------------------------------------------------


@dataclass(frozen=True)
class Mutant:
    """One change: where it is, in which function, what stood there and what stands there now."""

    file: str
    line: int
    function: str
    before: str
    after: str
    place: int
    """The number of the change in its file, in the order of reading."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.function}: `{self.before}` → `{self.after}`"


OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitAnd,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}


def changes(tree: ast.Module) -> Iterator[tuple[Callable[[], None], ast.AST, str]]:
    """Yield each change of a syntax tree: what makes it, the node it is made at, its function.

    Annotations, docstrings, imports and what only a type checker reads are left alone.
    """
    yield from _in_body(tree, "the module")


def _in_body(node: ast.AST, function: str) -> Iterator[tuple[Callable[[], None], ast.AST, str]]:
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params", "type_comment", "decorator_list"):
            continue
        parts = value if isinstance(value, list) else [value]
        for place, part in enumerate(parts):
            if not isinstance(part, ast.AST) or _is_told(part):
                continue
            inner = part.name if isinstance(part, ast.FunctionDef) else function
            if isinstance(value, list):
                yield from ((change, part, inner) for change in _statement(value, place, part))
            yield from ((change, part, inner) for change in _expression(node, name, place, part))
            yield from _in_body(part, inner)


def _is_told(node: ast.AST) -> bool:
    """Return whether a node is words, an import, a declared number or for a type checker."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Call):
        return ast.unparse(node.value.func) == "quantity"  # declared: the documents hold it
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def _statement(body: list[ast.AST], place: int, node: ast.AST) -> Iterator[Callable[[], None]]:
    dropped = ast.Expr | ast.Assign | ast.AugAssign | ast.Raise | ast.Continue | ast.Break
    if isinstance(node, dropped):

        def leave_out() -> None:
            body[place] = ast.copy_location(ast.Pass(), node)

        yield leave_out


def _expression(
    owner: ast.AST, name: str, place: int, node: ast.AST
) -> Iterator[Callable[[], None]]:
    def put(new: ast.AST) -> Callable[[], None]:
        def change() -> None:
            ast.copy_location(new, node)
            field = getattr(owner, name)
            if isinstance(field, list):
                field[place] = new
            else:
                setattr(owner, name, new)

        return change

    for other in OPERATORS.get(type(node), ()):
        yield put(other())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield put(copy.deepcopy(node.operand))
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        for truth in (True, False):
            if not (isinstance(node, ast.While) and truth):

                def decide(truth: bool = truth, node: ast.AST = node) -> None:
                    node.test = ast.copy_location(ast.Constant(truth), node.test)  # type: ignore[attr-defined]

                yield decide
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield put(ast.Constant(not node.value))
        elif isinstance(node.value, int):
            yield put(ast.Constant(node.value + 1))
        elif isinstance(node.value, float):
            yield put(ast.Constant(node.value * 2.0 if node.value else 1.0))


def how_many(text: str) -> int:
    """Return how many changes a source has."""
    return sum(1 for _ in changes(ast.parse(text)))


def mutant_of(file: str, text: str, place: int) -> tuple[Mutant, str]:
    """Return a change of a file, and the source with it made."""
    whole, tree = ast.parse(text), ast.parse(text)
    change, node, function = next(islice(changes(tree), place, None))
    line = _line(tree, node)
    change()
    ast.fix_missing_locations(tree)
    before, after = _apart(_statement_at(whole, line), _statement_at(tree, line))
    return Mutant(file, line, function, before, after, place), ast.unparse(tree)


def _line(tree: ast.Module, node: ast.AST) -> int:
    """Return the line of a node; an operator has none, so it is that of what it stands in."""
    if hasattr(node, "lineno"):
        return int(node.lineno)
    for owner in ast.walk(tree):
        if hasattr(owner, "lineno") and any(part is node for part in ast.iter_child_nodes(owner)):
            return int(owner.lineno)
    return 1


def _statement_at(tree: ast.Module, line: int) -> str:
    """Return the innermost statement that covers a line, as it would be written anew."""
    inner: ast.stmt | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            inner = node
    return "" if inner is None else ast.unparse(inner)


def _apart(one: str, other: str, around: int = 40) -> tuple[str, str]:
    """Return where two statements differ, with some letters around it."""
    both = zip_longest(one.splitlines(), other.splitlines(), fillvalue="")
    one, other = next((pair for pair in both if pair[0] != pair[1]), (one, other))
    one, other = one.strip(), other.strip()
    same = _alike(one, other)
    start = max(0, same - around)
    rest = _alike(one[same:][::-1], other[same:][::-1])

    def part(text: str) -> str:
        end = min(len(text), len(text) - rest + around)
        return f"{'…' * (start > 0)}{text[start:end]}{'…' * (end < len(text))}"

    return part(one), part(other)


def _alike(one: str, other: str) -> int:
    """Return how many letters two texts begin with together."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


# --- one trial -------------------------------------------------------------------------------


def try_mutants(
    name: str, chosen: Iterable[tuple[Mutant, str]], verdicts: Path, limit: float | None
) -> None:
    """Try mutants of a group in a copy of the checkout; add a line to `verdicts` for each."""
    group = GROUPS[name]
    with tempfile.TemporaryDirectory(prefix="mutants-") as place:
        here = Path(place)
        for part in COPIED:
            source = ROOT / part
            if source.is_dir():
                skipped = shutil.ignore_patterns("__pycache__", "node_modules")
                shutil.copytree(source, here / part, ignore=skipped)
            else:
                shutil.copy2(source, here / part)
        compileall.compile_dir(here / "cisim", quiet=2)
        _preload()
        began = time.monotonic()
        passed, said = _tests(here, group, 3600.0)
        took = time.monotonic() - began
        if not passed:
            raise SystemExit(f"{name}: the tests fail before anything is changed\n{said}")
        each = limit if limit is not None else 30.0 + 4.0 * took
        print(f"{name}: the tests take {took:.0f} s", file=sys.stderr, flush=True)
        state = {"sources": state_of(group.sources), "tests": state_of(group.tests)}
        for mutant, source in chosen:
            path = here / mutant.file
            text = path.read_text("utf-8")
            path.write_text(source, "utf-8")
            for old in path.parent.glob(f"__pycache__/{path.stem}.*"):
                old.unlink()
            try:
                passed, _ = _tests(here, group, each)
            finally:
                path.write_text(text, "utf-8")
            line = {"group": name, **state, "survived": passed, **mutant.__dict__}
            with verdicts.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
            print(f"{'SURVIVED' if passed else 'killed'}  {mutant}", file=sys.stderr, flush=True)


def _preload() -> None:
    """Import what all tests need, once; each trial is a fork that has it already."""
    for module in ("hypothesis", "mesa", "numba", "pandas", "pyarrow.parquet", "pydantic",
                   "pytest", "scipy.special", "scipy.stats", "typer"):  # fmt: skip
        __import__(module)


def _tests(here: Path, group: Group, limit: float) -> tuple[bool, str]:
    """Return whether the tests of a group pass in a copy, and what they said."""
    said = here / "said.txt"
    process = multiprocessing.get_context("fork").Process(target=_run, args=(here, group, said))
    process.start()
    process.join(limit)
    if process.pid is not None and process.is_alive():
        os.killpg(process.pid, signal.SIGKILL)  # it never ends, which is noticed too
    process.join()
    return process.exitcode == 0, "\n".join(said.read_text("utf-8").splitlines()[-30:])


def _run(here: Path, group: Group, said: Path) -> None:
    import pytest

    os.setpgid(0, 0)
    with said.open("wb") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    os.chdir(here)
    sys.path.insert(0, str(here))
    os.environ["PYTHONPATH"] = str(here)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    tests = [one for one in group.tests if (here / one).exists()]
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    code = pytest.main([*options, f"--basetemp={here / 'tmp'}", *tests])
    sys.stdout.flush()
    os.killpg(0, signal.SIGKILL) if code is None else os._exit(int(code))


def state_of(names: Iterable[str]) -> str:
    """Return a hash of some files: with others a mutant may fare otherwise."""
    digest = hashlib.sha256()
    for name in names:
        for path in files_in(name):
            digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def files_in(name: str) -> list[Path]:
    """Return a Python file, or those in a folder."""
    path = ROOT / name
    if path.is_dir():
        return sorted(path.rglob("*.py"))
    return [path] if path.exists() else []


def sampled(group: Group, many: int, seed: int) -> list[tuple[Mutant, str]]:
    """Return some of a group's mutants and their sources, those of equal numbers the same."""
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for name in group.sources
        for path in files_in(name)
    }
    every = [(file, place) for file, text in texts.items() for place in range(how_many(text))]
    chosen = sorted(random.Random(seed).sample(every, min(many, len(every))))
    found = [mutant_of(file, texts[file], place) for file, place in chosen]
    return [(mutant, source) for mutant, source in found if mutant.before != mutant.after]


# --- the page --------------------------------------------------------------------------------


def known(verdicts: Path) -> list[dict[str, object]]:
    """Return the verdicts that hold for the sources and tests as they are, by place.

    Tests that are added kill no fewer: only a mutant that lived is tried again with them.
    """
    if not verdicts.exists():
        return []
    sources = {name: state_of(group.sources) for name, group in GROUPS.items()}
    tests = {name: state_of(group.tests) for name, group in GROUPS.items()}
    found = {}
    for line in verdicts.read_text("utf-8").splitlines():
        one = json.loads(line)
        if one["sources"] != sources[one["group"]]:
            continue
        if not one["survived"] or one["tests"] == tests[one["group"]]:
            found[one["file"], one["place"]] = one
    return [found[place] for place in sorted(found)]


def equivalents() -> dict[tuple[str, str, str], str]:
    """Return why a mutant changes nothing, by file, what stood there and what stands there now."""
    if not EQUIVALENT.exists():
        return {}
    listed = tomllib.loads(EQUIVALENT.read_text("utf-8")).get("equivalent", [])
    return {(one["file"], one["before"], one["after"]): one["reason"] for one in listed}


ABOUT = """\
Made by `python experiments/mutants.py`. A mutant is one change of one place (an operator, a
comparison, a number, a sign, a condition, a statement left out), tried against the tests of its
group until one fails. Equivalent ones change nothing that anybody could see; they are named in
`experiments/mutants.toml` and are not counted."""


def page(verdicts: list[dict[str, object]]) -> str:
    """Return the table of the trial, and every mutant that lived."""
    same = equivalents()

    def reason(one: dict[str, object]) -> str | None:
        return same.get((str(one["file"]), str(one["before"]), str(one["after"])))

    lines = [
        "# Mutants: do the tests notice when the code is wrong?",
        "",
        ABOUT,
        "",
        "| group | sources | mutants | killed | survived | equivalent | share killed | aim |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, group in GROUPS.items():
        mine = [one for one in verdicts if one["group"] == name]
        if not mine:
            continue
        lived = [one for one in mine if one["survived"]]
        equal = sum(reason(one) is not None for one in lived)
        count = Counter(killed=len(mine) - len(lived), survived=len(lived) - equal)
        share = count["killed"] / max(1, count["killed"] + count["survived"])
        sources = ", ".join(source.removeprefix("cisim/") for source in group.sources)
        lines.append(
            f"| {name} | {sources} | {len(mine)} | {count['killed']} | {count['survived']} "
            f"| {equal} | {100 * share:.0f} % | {100 * group.aim:.0f} % |"
        )
    for title, wanted in (("Survived", False), ("Equivalent", True)):
        some = [one for one in verdicts if one["survived"] and (reason(one) is not None) == wanted]
        if some:
            lines += ["", f"## {title}", ""]
        for one in some:
            why = f" ({reason(one)})" if wanted else ""
            lines.append(
                f"- {one['file']}, line {one['line']}, {one['function']}: `{one['before']}` → "
                f"`{one['after']}`{why}"
            )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Read the options, try mutants, write the page."""
    asked = argparse.ArgumentParser(description="Do the tests notice when the code is wrong?")
    asked.add_argument("--group", choices=GROUPS, action="append", default=[])
    asked.add_argument("--sample", type=int, default=60, help="how many mutants of each group")
    asked.add_argument("--seed", type=int, default=1, help="of the sample")
    asked.add_argument("--limit", type=float, help="seconds that a trial may take")
    asked.add_argument("--verdicts", type=Path, default=ROOT / "results" / "mutants.jsonl")
    asked.add_argument("--page", action="store_true", help="write results/mutants.md")
    asked.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.inside:
        (name,) = given.group
        chosen = sampled(GROUPS[name], given.sample, given.seed)
        done = {(one["file"], one["place"]) for one in known(given.verdicts)}
        left = [one for one in chosen if (one[0].file, one[0].place) not in done]
        if left:
            try_mutants(name, left, given.verdicts, given.limit)
        return
    for name in given.group:
        environment = {**os.environ, "CI": "true"}
        if not GROUPS[name].compiled:
            environment["NUMBA_DISABLE_JIT"] = "1"
        options = ["--sample", str(given.sample), "--seed", str(given.seed)]
        options += ["--verdicts", str(given.verdicts.resolve())]
        options += [] if given.limit is None else ["--limit", str(given.limit)]
        program = [sys.executable, __file__, "--inside", "--group", name, *options]
        subprocess.run(program, env=environment, check=True)
    if given.page:
        PAGE.write_text(page(known(given.verdicts)), encoding="utf-8")
        print(f"{PAGE.relative_to(ROOT)} is written.")


if __name__ == "__main__":
    main()
