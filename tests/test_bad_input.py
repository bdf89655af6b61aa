"""Whatever is given, the answer is a result or one sentence: never a traceback, never half a file.

First the command line with each kind of bad input that is known, then thousands of damaged files.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

import cisim
from cisim import cli
from cisim.cli.chosen import parse_settings
from cisim.cli.listing import CONFIGS
from cisim.model.faults import MOST_SENTENCES
from cisim.model.input_error import InputError
from cisim.model.outcomes import OUTCOMES
from cisim.world.files import LARGEST_FILE, checked, parse, read_text, shipped
from cisim.world.scenario import LEVERS, Scenario, ScenarioFile
from cisim.world.structure import Structure
from cisim.world.world import World

DEEP = 1000
REGION = 'name = "R"\ncommunities = 2\nparticipating = 2\nmean_children = 900\nseed_fte = 1\n'
WORLD = 'title = "W"\nsource = "made up"\nlocals = ["youth"]\nbodies = ["health"]\n'

Refused = Callable[..., str]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refused:
    """Return what runs a command line that must be refused, and returns the sentence."""

    def run(*arguments: str) -> str:
        code = cli.main(arguments)
        output = capsys.readouterr()
        assert (code, output.out) == (2, ""), output
        return one_sentence(output.err.removesuffix("\n"))

    return run


def one_sentence(said: str) -> str:
    assert said
    assert said.isprintable(), said
    assert "Traceback" not in said
    assert len(said) < 1200
    return said


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    """Return what writes a file and returns its path."""

    def write(text: str | bytes, name: str = "given.toml") -> str:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    return write


# --- options and arguments -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("rnu no-backbone", "No such command 'rnu'. Did you mean 'run'?"),
        ("run", "Missing argument 'scenario'."),
        ("run no-backbone same-money", "unexpected extra argument(s) (same-money)"),
        ("run no-backbone --monhts 3", "No such option: --monhts. Did you mean --months?"),
        ("run no-backbone --replicates 3", "No such option: --replicates"),
        ("run no-backbone --seed", "Option '--seed' requires an argument"),
        ("run no-backbon", "'no-backbon' is not a scenario or the path of a .toml file. Did you"),
        ("run gone.toml", "gone.toml: there is no such file."),
        ("run no-backbone --world finlnd", "'finlnd' is not a world or the path of a .toml file."),
        ("run no-backbone --structure nun", "'nun' is not a structure or the path"),
        ("run no-backbone --world gone.toml", "gone.toml: there is no such file."),
        ("run no-backbone --months 0", "--months is 0; allowed is a whole number, 1 to 12,000."),
        ("run no-backbone --months 12001", "--months is 12001; allowed is"),
        ("run no-backbone --months -3", "--months is -3; allowed is"),
        ("run no-backbone --months 1.5", "--months is 1.5; allowed is"),
        ("run no-backbone --months many", "--months is many; allowed is"),
        ("run no-backbone --months nan", "--months is nan; allowed is"),
        ("run no-backbone --seed -1", "--seed is -1; allowed is a whole number, 0 to 9,223,372"),
        ("run no-backbone --seed 9223372036854775808", "--seed is 9223372036854775808; allowed"),
        (f"run no-backbone --seed {'9' * 5000}", "--seed is '99999"),
        ("compare no-backbone", "scenarios is no-backbone; allowed are two or more"),
        ("compare no-backbone no-backbone", "scenarios has 'no-backbone' 2 times"),
        ("compare no-backbone same-mony", "Did you mean same-money?"),
        ("compare no-backbone same-money --replicates 0", "--replicates is 0; allowed is"),
        ("compare no-backbone same-money --replicates -5", "--replicates is -5; allowed is"),
        ("compare no-backbone same-money --replicates 1e3", "--replicates is 1e3; allowed is"),
        ("compare no-backbone same-money --replicates 10000000", "allowed is 1 to"),
        ("compare no-backbone same-money --replicates 10000001", "1 to 10,000,000"),
        ("compare no-backbone same-money --workers 0", "--workers is 0; allowed is a whole"),
        ("compare no-backbone same-money --workers two", "--workers is two; allowed is"),
        (
            "compare no-backbone same-money --seed 9223372036854775807",
            "seed is 9223372036854775807",
        ),
        ("list outcome", "'outcome' is nothing that is listed. Did you mean outcomes?"),
        ("check finlnd", "'finlnd' is not a file or a shipped name. Did you mean finland?"),
        ("check .", ".: is a folder; allowed is a .toml file."),
    ],
)
def test_a_wrong_option_or_argument_is_said_in_a_sentence(
    line: str, words: str, refused: Refused
) -> None:
    assert words in refused(*line.split())


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("trust_memory", "--set: 'trust_memory' is not name=value"),
        ("=3", "--set: '=3' is not name=value"),
        ("trust_memory=", "--set: 'trust_memory=' is not name=value"),
        ("", "--set: '' is not name=value"),
        ("trust_memry=3", "trust_memry is not a parameter or a lever. Did you mean trust_memory?"),
        ("trust_memory=0", "trust_memory is 0.0; allowed is a number from 1 to 600 (months)."),
        ("trust_memory=601", "trust_memory is 601.0; allowed is"),
        ("trust_memory=nan", "trust_memory is nan; allowed is"),
        ("trust_memory=inf", "trust_memory is inf; allowed is"),
        ("trust_memory=-inf", "trust_memory is -inf; allowed is"),
        ("trust_memory=1e999", "trust_memory is inf; allowed is"),
        ("trust_memory=true", "trust_memory is True; allowed is"),
        ("trust_memory=long", "trust_memory is 'long'; allowed is"),
        ("trust_memory=[60]", "trust_memory is [60]; allowed is"),
        ("trust_memory=1979-05-27", "trust_memory is datetime.date"),
        ("trust_memory=[60", "has a value that cannot be read"),
        ("trust_memory=1\nx=2", "has a value that cannot be read"),
        ("trust_memory=" + "[" * DEEP, "has a value that cannot be read"),
        ("trust_memory=" + "9" * 5000, "has a value that cannot be read"),
        ("regional=1", "regional is 1.0; allowed is true or false"),
        ("sponsors=health", "sponsors is 'health'; allowed is a list"),
        ('sponsors=["helth"]', "Did you mean health?"),
        ("national_roles.brigde=.3", "Did you mean bridge?"),
        ("national_roles.bridge=.9", "the shares add up to 1.7"),
        ("national_roles..bridge=.3", "national_roles"),
        ("a\nb=1", "is not a parameter or a lever"),
    ],
)
def test_a_wrong_setting_is_said_in_a_sentence(setting: str, words: str, refused: Refused) -> None:
    said = refused("run", "no-backbone", "--world", "one-town", "--set", setting)
    assert said.startswith("--set: ")
    assert words in said


def test_a_setting_that_is_given_twice_is_refused(refused: Refused) -> None:
    said = refused("run", "no-backbone", "--set", "trust_memory=60", "--set", "trust_memory=70")
    assert said == "--set: 'trust_memory' is set twice; allowed is once."


# --- files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n  \t", "is empty"),
        (b"\0\0\0\0", "is not TOML"),
        (b"\xff\xfe\x00t", "byte 0 is not UTF-8"),
        ("title = 'Häme'".encode("latin-1"), "byte 10 is not UTF-8"),
        (b"title", "is not TOML"),
        (b"a = 1\na = 2", "is not TOML"),
        (("a = " + "[" * DEEP + "]" * DEEP).encode(), "nested more than 40 deep"),
        (("a = " + "{a = " * DEEP + "1" + "}" * DEEP).encode(), "nested more than 40 deep"),
        ((".".join("a" * DEEP) + " = 1").encode(), "nested more than 40 deep"),
        (("[" + ".".join("a" * DEEP) + "]").encode(), "nested more than 40 deep"),
        (("[parameters." + ".".join("a" * DEEP) + "]").encode(), "nested more than 40 deep"),
        (b"title = 1", "title is 1; allowed is text"),
        (b"title = ''", "title is ''"),
        (b"title = 'T'\nworld = 'gone.toml'", "gone.toml: there is no such file"),
        (b"title = 'T'\nworld = 'finlnd'", "Did you mean finland?"),
        (b"title = 'T'\n[parameters]\ntrust_memry = 1", "Did you mean trust_memory?"),
        (b"title = 'T'\n[parameters]\ntrust_memory = nan", "parameters.trust_memory is nan"),
        (b"title = 'T'\n[parameters]\ntrust_memory = -inf", "parameters.trust_memory is -inf"),
        (b"title = 'T'\n[[events]]\nkind = 'electon'\nmonth = 1", "Did you mean election?"),
        (b"title = 'T'\n[[events]]\nkind = 'election'\nmonth = 500", "before the horizon"),
        (b"title = 'T'\nmonths = 99999999999999999999999999", "months is 9999"),
    ],
)
def test_a_scenario_that_is_none_is_said_in_a_sentence(
    command: str, content: bytes, words: str, refused: Refused, file: Callable[..., str]
) -> None:
    said = refused(command, file(content))
    assert words in said
    assert said.startswith(("given.toml: ", "gone.toml: ", os.sep))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (WORLD, "regions is missing"),
        (WORLD + "regions = []", "regions is []"),
        (WORLD + "[[regions]]\n" + REGION.replace("communities = 2", "communities = 0"), "is 0;"),
        (WORLD + f"[[regions]]\n{REGION}[[regions]]\n{REGION}", "R is given twice"),
        (WORLD + f"[[regions]]\n{REGION}name = 'S'", "is not TOML"),
        (WORLD + f"[[regions]]\n{REGION}[[ties]]\nbetween = ['R/health', 'x']", "no organisation"),
        (WORLD + f"[[regions]]\n{REGION.replace('= 900', '= nan')}", "mean_children is nan"),
        (
            WORLD
            + f"[[regions]]\n{REGION.replace('communities = 2', 'communities = 10000000000')}",
            "regions[0].communities is 10000000000",
        ),
    ],
)
def test_a_world_that_is_none_is_said_in_a_sentence(
    text: str, words: str, refused: Refused, file: Callable[..., str]
) -> None:
    path = file(text)
    assert words in refused("run", "no-backbone", "--world", path)
    assert words in refused("check", path)


def test_a_file_of_twenty_megabytes_is_not_read(refused: Refused, file: Callable[..., str]) -> None:
    path = file(b"title = 'T'\n" + b"#" * 20_000_000)
    assert "has 20,000,012 bytes; allowed are at most 10,000,000 bytes" in refused("run", path)
    assert "has 20,000,012 bytes" in refused("run", "no-backbone", "--structure", path)


def test_a_folder_is_no_file(refused: Refused, tmp_path: Path) -> None:
    assert "is a folder; allowed is a .toml file" in refused("run", f"{tmp_path}{os.sep}")
    assert "is a folder" in refused("run", "no-backbone", "--world", str(tmp_path))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_of_somebody_else_is_said(refused: Refused, file: Callable[..., str]) -> None:
    path = file("title = 'T'")
    Path(path).chmod(0)
    assert "cannot be read (Permission denied)" in refused("run", path)


@pytest.mark.parametrize(
    "text",
    [
        "title = 'T'\n" + "".join(f"a{number} = 1\n" for number in range(80_000)),
        "title = 'T'\nevents = [" + "{kind = 'election', month = -1}, " * 25_000 + "]",
        WORLD + "".join(f"[[regions]]\nname = 'R{number}'\n" for number in range(30_000)),
        WORLD + f"[[regions]]\n{REGION}" + "[[ties]]\nbetween = ['R/health', 'x']\n" * 20_000,
        WORLD + "".join(
            f"[[regions]]\n{REGION.replace('R', str(number)).replace('s = 2', 's = 10000', 1)}"
            for number in range(10_000)
        ),
        f"title = '{'x' * 900_000}'",
        f"{'x' * 900_000} = 1",
        f"title = 'T'\nworld = '{'x' * 900_000}'",
        f"title = 'T'\nworld = '{'x' * 900_000}.toml'",
        f"title = 'T'\nevents = [{{kind = '{'x' * 900_000}', month = 1}}]",
        f"title = 'T'\n[parameters]\n{'x' * 900_000} = 1",
    ],
    ids=range(11),
)  # fmt: skip
def test_a_megabyte_of_mistakes_is_answered_with_the_first_ones(
    text: str, file: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(text) < LARGEST_FILE
    assert cli.main(["check", file(text)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    said = err.splitlines()
    assert len(said) <= 2 * (MOST_SENTENCES + 1)
    for sentence in said:
        one_sentence(sentence)


# --- where results go ------------------------------------------------------------------------


def test_results_are_not_written_where_they_cannot_be(
    refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: object) -> None:
        raise AssertionError("the folder is checked before anything is run")

    monkeypatch.setattr(cisim.CollectiveImpactModel, "run", run)
    a_file = tmp_path / "file"
    a_file.write_text("mine", "utf-8")
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("mine", "utf-8")
    blocked = tmp_path / "blocked"
    (blocked / "manifest.json").mkdir(parents=True)
    for out, words in [
        (a_file, "a file; allowed is a folder"),
        (a_file / "below", "cannot be written"),
        (foreign, "'thesis.txt' is not a result of cisim"),
        (blocked, "manifest.json is a folder"),
        (tmp_path / ("x" * 5000), "cannot be written"),
        (f"{tmp_path}{os.sep}nul\0", "cannot be written"),
        ("", "--out is empty"),
    ]:
        before = sorted(tmp_path.rglob("*"))
        assert words in refused("run", "no-backbone", "--world", "one-town", "--out", str(out))
        assert words in refused("compare", "no-backbone", "same-money", "--out", str(out))
        assert sorted(tmp_path.rglob("*")) == before
    assert a_file.read_text("utf-8") == "mine"


def test_wrong_input_leaves_nothing_behind(refused: Refused, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    refused("run", "no-backbone", "--set", "trust_memory=0", "--out", str(out))
    refused("compare", "no-backbone", "same-mony", "--out", str(out))
    refused("compare", "no-backbone", "same-money", "--seed", str(2**63 - 1), "--out", str(out))
    assert not (tmp_path / "deep").exists()


def test_a_disk_that_fills_up_is_said_and_the_earlier_result_stays(
    refused: Refused,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = ("run", "no-backbone", "--world", "one-town", "--months", "2", "--out", str(tmp_path))
    assert cli.main(line) == 0
    capsys.readouterr()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cisim.lab.disk.Aside.write", full)
    said = refused(*line[:-3], "3", *line[-2:])
    assert said.startswith("--out is ")
    assert "cannot be written (No space left on device)" in said
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_real_command_says_one_sentence_and_ends_with_two(file: Callable[..., str]) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from cisim.cli import main; sys.exit(main())",
            "run",
            file("title = 'T'\n[parameters]\ntrust_memry = 1"),
        ],
        env={**os.environ, "PYTHONPATH": str(Path(cisim.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "given.toml: parameters.trust_memry is not a parameter. Did you mean trust_memory? "
        "(cisim list parameters)\n"
    )


# --- thousands of damaged files --------------------------------------------------------------

PATHS = [path for kind in CONFIGS for path in shipped(kind).values()]
TEXTS = {path.stem: path.read_bytes() for path in PATHS}
WORLDS: dict[str, Any] = {}
READERS: dict[str, type[BaseModel]] = {
    "worlds": World,
    "structures": Structure,
    "scenarios": ScenarioFile,
}
SAMPLES = {
    "worlds": [
        parse(read_text(path), path.name) for path in shipped("worlds").values()
    ]
    + [
        {
            **parse(WORLD + f"[[regions]]\n{REGION}", "w"),
            "ties": [{"between": ["R/health", "R/1/youth"], "trust": 0.5}],
        }
    ],
    "structures": [parse(read_text(path), path.name) for path in shipped("structures").values()]
    + [{"title": "S", "national_roles": {"bridge": 0.1}, "sponsors": ["health"]}],
    "scenarios": [parse(read_text(path), path.name) for path in shipped("scenarios").values()]
    + [
        {
            "title": "T",
            "structure_changes": {"national_roles": {"bridge": 0.1}, "regional": True},
            "parameters": {"trust_memory": 60},
            "events": [
                {"kind": "backbone-starts", "month": 3, "level": "regional", "fte": 2.0},
                {"kind": "sponsor-arrives", "month": 4, "region": "Pirha", "link": 0.5},
            ],
        }
    ],
}  # fmt: skip

WORDS = (
    *(name for model in READERS.values() for name in model.model_fields),
    *LEVERS,
    *list(OUTCOMES)[:5],
    "trust_memory",
    "__class__",
    "model_fields",
    "",
    "a.b",
    "two\nlines",
    "\x1b[31m",
    "\u202e",
    "x" * 500,
    "{}",
    "%s",
    "../../etc/passwd",
    "gone.toml",
)
ODD_VALUES = st.one_of(
    st.sampled_from(
        [
            None, True, False, 0, -1, 1, 10**400, -(2**63), 0.5, -0.0, 1e308, math.nan, math.inf,
            -math.inf, "", [], {}, date(1979, 5, 27), [[]], [{}], {"a": {}},
        ]
    ),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(WORDS),
)  # fmt: skip
VALUES = st.recursive(
    ODD_VALUES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(WORDS), st.text(max_size=8)), inner, max_size=4),
    ),
    max_leaves=8,
)


def read_as(kind: str, text: str) -> None:
    """Read a text as `cisim check` does: it is right, or there is one sentence."""
    try:
        if kind == "scenarios":
            Scenario.read(text, "given.toml", "given")
        else:
            checked(READERS[kind], parse(text, "given.toml"), "given.toml")
    except InputError as error:
        one_sentence(str(error))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in nested tables and lists."""
    found = [path]
    if isinstance(value, dict | list):
        children = value.items() if isinstance(value, dict) else enumerate(value)
        for key, one in children:
            found += places(one, (*path, key))
    return found


def replaced(value: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    """Return nested tables and lists in which the value at a path is changed."""
    if not path:
        return change(value)
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], change)
    return copy


SEARCH = settings(max_examples=1500, suppress_health_check=list(HealthCheck))


@SEARCH
@given(
    st.sampled_from(sorted(TEXTS)),
    st.sampled_from(sorted(READERS)),
    st.lists(
        st.tuples(
            st.floats(0, 1),
            st.integers(0, 12),
            st.one_of(
                st.binary(max_size=6),
                st.sampled_from(
                    [
                        b"=", b"[", b"]", b"{", b"}", b'"', b"'", b'"""', b"\n", b"#", b".", b"nan",
                        b"inf", b"-", b"1e400", b"[[regions]]\n", b"\\u0000", b"\xc3", b"\x00",
                        b"title = 1\n", b"[" * 200, b"a." * 200, b"9" * 5000,
                    ]
                ),
            ),
        ),
        min_size=1,
        max_size=4,
    ),
)  # fmt: skip
def test_a_damaged_text_is_right_or_refused_in_a_sentence(
    name: str, kind: str, damage: list[tuple[float, int, bytes]]
) -> None:
    text = TEXTS[name]
    for where, cut, new in damage:
        at = int(where * len(text))
        text = text[:at] + new + text[at + cut :]
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        return  # tested with files above
    read_as(kind, decoded)


@SEARCH
@given(st.data())
def test_a_damaged_table_is_right_or_refused_in_a_sentence(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(READERS)))
    table = data.draw(st.sampled_from(SAMPLES[kind]))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(table)))
        value = data.draw(VALUES)
        how = data.draw(st.sampled_from(["replace", "add", "drop"]))

        def change(old: Any, value: Any = value, how: str = how) -> Any:
            if how == "add" and isinstance(old, dict):
                return {**old, data.draw(st.sampled_from(WORDS)): value}
            if how == "add" and isinstance(old, list):
                return [*old, *old[:1], value]
            if how == "drop" and isinstance(old, dict) and old:
                gone = data.draw(st.sampled_from(sorted(old)))
                return {key: one for key, one in old.items() if key != gone}
            return value

        table = replaced(table, path, change)
    try:
        found = checked(READERS[kind], table, "given.toml")
        if isinstance(found, ScenarioFile):
            Scenario.load("no-backbone", world="one-town").with_(
                parameters=found.parameters,
                structure_changes=found.structure_changes,
                events=found.events,
                months=found.months,
            )
    except InputError as error:
        one_sentence(str(error))


@settings(max_examples=400, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from(WORDS)), max_size=3), VALUES)
def test_a_damaged_setting_is_right_or_refused_in_a_sentence(parts: list[str], value: Any) -> None:
    scenario = Scenario.load("no-backbone", world="one-town")
    for setting in ("=".join(parts), f"{'.'.join(parts)}={json.dumps(value, default=str)}"):
        try:
            scenario.set(parse_settings([setting]))
        except InputError as error:
            one_sentence(str(error))
    try:
        scenario.set(dict.fromkeys(parts, value))
    except InputError as error:
        one_sentence(str(error))


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "run", "compare", "list", "check", "no-backbone", "--set", "--seed", "--months",
                    "--world", "--json", "--quiet", "--out", "-1", "0", "nan", "--", "-", "--help",
                    "finland", "=", "--workers", "--replicates",
                ]
            ),
            st.text(max_size=10),
        ),
        max_size=5,
    )
)  # fmt: skip
def test_a_damaged_command_line_ends_with_one_sentence(arguments: list[str]) -> None:
    from _pytest.monkeypatch import MonkeyPatch

    class Ran(Exception):
        """What would run, would run; that is no matter here."""

    def stop(*_: object, **__: object) -> None:
        raise Ran("here")

    said: list[str] = []
    with MonkeyPatch.context() as patch:
        for command in ("run", "compare"):
            patch.setattr(f"cisim.cli.{command}.chosen_scenarios", stop)
        for module in ("program", "endings", "check"):
            patch.setattr(f"cisim.cli.{module}.say", said.append)
        patch.setattr("cisim.cli.streams._write", lambda text: None)
        patch.setattr("builtins.print", lambda *_, **__: None)
        patch.delenv("CISIM_TRACEBACK", raising=False)
        code = cli.main(arguments)
    assert code in (0, 1, 2)
    if code == 1:
        assert said == [
            "cisim failed by a fault of its own (Ran: here); CISIM_TRACEBACK=1 shows where."
        ]
    elif code == 2:
        assert said or "--json" in arguments  # then it is in the output
        for sentence in said:
            one_sentence(sentence)
