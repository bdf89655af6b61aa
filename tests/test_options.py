"""No option is ever ignored: with any other one, on any command, it changes what comes out or is
refused.

The pairs come from the declarations of the command line, so an option that is added is tried with
all others. What comes out is everything: exit code, both streams, files, and what the lab is asked.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from importlib import import_module
from itertools import combinations, count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from cisim import cli
from cisim.cli import compare, given, program, progress, validate
from cisim.lab import executors
from cisim.lab.calibration import Calibrated, Targets

COMMANDS: Mapping[str, Any] = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
ARGUMENTS = {
    "run": ("a.toml",),
    "compare": ("a.toml", "b.toml"),
    "threshold": ("a.toml", "b.toml"),
    "track": ("a.toml",),
    "optimise": ("a.toml",),
    "calibrate": ("targets.toml",),
    "sweep": ("study.toml",),
    "analyse": ("study",),
    "story": ("story.toml",),
    "list": ("outcomes",),
    "check": ("a.toml",),
    "template": ("fresh",),
    "import": ("data", "-o", "w.toml"),
}
DATA = {
    "ties.csv": "from,to\nA,B\nB,C\n",
    "sponsors.csv": "kind,link\npolitical,0.2\n",
    "mapping.toml": '[ties]\nfrom = "from"\n',
}
"""What `cisim import` is given."""
POLICY = (
    "import cisim\n\n\ndef leave(model, late=0):\n"
    "    for one in model.agents_by_type[cisim.Organisation]:\n"
    "        one.leave() if model.month >= late else None\n"
)
"""What acts.py says: from a month on nobody takes part."""
SCENARIO = 'title = "{0}"\nworld = "one-town"\nstructure = "{1}"\nmonths = 3\n'
_STEP = """
[[steps]]
title = "T"
scenario = "a.toml"
month = {0}
text = "There are {{members}}. So it is."
look = {{ outcome = "members" }}
predict = {{ question = "?", within = 1, then = {{ month = 3 }} }}
"""
STUDY = (
    'title = "T"\nscenarios = ["a.toml", "b.toml"]\noutcomes = ["wellbeing_gain"]\n'
    '[design]\nkind = "sobol"\npoints = 2\n[design.vary]\nturnover = {}\n'
)
ANALYSED = (
    'title = "T"\nscenarios = ["a.toml", "b.toml"]\noutcomes = ["wellbeing_gain", "member_share"]\n'
    'at = [1, 3]\n[design]\nkind = "latin-hypercube"\npoints = 12\n'
    "[design.vary]\nturnover = {}\neffort_half = {}\n"
)
"""What `cisim analyse` is given, once it is run."""
TARGETS = 'scenario = "b.toml"\nvary = ["trust_prior"]\n' + "".join(
    f'[[targets]]\noutcome = "{outcome}"\nmonth = 2\nvalue = {value}\n'
    f'tolerance = {value / 2}\nsource = "us"\n'
    for outcome, value in (("members", 6.0), ("trust_survey", 0.7))
)
"""What `cisim calibrate` is given."""
SEEN = "outcome,month,value,error\nmembers,1,{0},60\n"
"""What `cisim track` is given."""
STORY = 'title = "S"\nabout = "A"\nsource = "S"\n' + "".join(map(_STEP.format, [0, 0, 1, 1, 2]))
Options = dict[str, str]
VALUES = {
    "world": "test-region",
    "structure": "national-only",
    "settings": "effort_half=0.05",
    "report": "report.html",
    "goal": "member_share=0.3",
    "question": "Is it so?",
    "turns": "effort_half=0.3:0.7",
    "beliefs": "plausible",
    "track beliefs": "fixed",  # it is plausible where nothing is said
    "precision": "0.0001",
    "outcome": "member_share",
    "out": "out",
    "months": "4",
    "seed": "8",
    "vary": "national_fte",
    "low": "0.7",
    "high": "2.5",
    "port": "4321",
    "network": "net.csv",
    "month": "1",
    "story out": "story.md",
    "html": "story.html",
    "language": "fi",
    "policy": "acts:leave",
    "policy_settings": "late=2",
    "shard": "1/2",
    "resume": "out",
    "point": "1",
    "replicate": "1",
    "attribute": "roles",
    "group": "Some=one-town/1/health",
    "import structure": "s.toml",
    "import sector": "health",
    "import propose": "p.toml",
    "import mapping": "partner",
    "with_": "partner",
    "ablate": "investment",
    "cluster": "tcp://a:1",
    "analyse against": "a",
    "track against": "b.toml",
    "watch": "members",
    "analyse only": "robustness,tree",
    "analyse threshold": "0.01",
}
"""By option, or by command and option."""
LONG = ("compare", "threshold", "track", "optimise", "sweep")
"""Commands that take long to be tried with every pair."""
ALWAYS: Mapping[str, Options] = {
    "threshold": {"vary": "effort_half", "goal": "wellbeing_gain >= 0.001", "points": "3"},
    "track": {"observed": "seen.csv", "months": "9", "replicates": "12", "most": "12"},
    "optimise": {
        "budget": "3000",
        "vary": "add.regional.fte=0..1/1",
        "points": "2",
        "unseen": "2",
        "evaluations": "2",
    },
}
"""What a command is never without; another value of these is tried, too."""
OWN: Mapping[str, Options] = {
    "threshold": {"goal": "member_share >= 0.3", "points": "5"},
    "track": {
        "observed": "other.csv",
        "months": "8",
        "replicates": "11",
        "most": "13",
        "within": "2",
        "against": "b.toml",
        "report": "report.html",
    },
    "optimise": {
        "budget": "60000",
        "vary": "add.local-action.fte=0..1/1",
        "goal": "effect,gap",
        "payer": "foundation=4000",
        "fte_cost": "30000",
        "beliefs": "ensemble",  # plausible is what it has anyway
        "evaluations": "1",
    },
    "calibrate": {
        "points": "21",
        "vary": "effort_half",
        "without": "members after 2 months",
    },
}
"""Values of a command where an option of that name means something else in another."""
NEEDS: Mapping[str, Mapping[str, str]] = {
    "points": {"uncertain": ""},
    "month": {"network": "net.csv"},
    "policy_settings": {"policy": "acts:leave"},
    "goal": {"report": "report.html"},
    "question": {"report": "report.html"},
    "turns": {"report": "report.html"},
    "fte_cost": {"report": "report.html"},
    "precision": {"replicates": "auto"},
    "outcome": {"replicates": "auto"},
    "by_organisation": {"out": "out"},
    "group": {"attribute": "organisations"},
}
"""What an option that changes something in some cases only needs beside it."""

ALLOWS = ("yes",)
"""Options that change nothing themselves: they only let happen what would be refused."""

Came = tuple[Any, ...]
known: dict[tuple[str, ...], Came] = {}


def options_of(command: str) -> list[str]:
    return [one.name for one in COMMANDS[command].params if one.opts[0].startswith("--")]


def typed(command: str, options: Options) -> list[str]:
    always = dict(ALWAYS.get(command, {}))
    if "until_order_turns" in options:
        always.pop("goal", None)
    options = {**always, **options}
    names = {one.name: given.typed_as(one) for one in COMMANDS[command].params}
    line = [command, *ARGUMENTS.get(command, ())]
    for name in [one for one in names if one in options]:
        line += [names[name], options[name]] if options[name] else [names[name]]
    return line


def value_of(command: str, name: str) -> str:
    (option,) = [one for one in COMMANDS[command].params if one.name == name]
    return (
        ""
        if option.is_flag
        else OWN.get(command, {}).get(name)
        or VALUES.get(f"{command} {name}", VALUES.get(name, "3"))
    )


@pytest.fixture
def came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str, Options], Came]:
    """Return what gives everything that comes out of a command with options."""
    asked: list[Any] = []
    real = typer.main.get_command

    def small(app: typer.Typer) -> Any:
        group: Any = real(app)
        for option in [one for name in (*LONG, "story") for one in group.commands[name].params]:
            if option.name in ("replicates", "points"):
                option.default = 2
        make = group.make_context
        # The command itself is written into results: it must not be what tells options apart.
        group.make_context = lambda name, line, **_: make(name, line, obj=("same",))
        return group

    def record(what: str, answer: Any) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            asked.append((what, repr(given), repr(sorted(named.items(), key=str))))
            return answer

        return call

    class Here(executors.Serial):
        __enter__ = __exit__ = lambda *_: None

    def matched(given: Targets, **named: Any) -> Calibrated:
        plain = {name: value for name, value in named.items() if name not in ("draw", "progress")}
        scenario = given.scenario
        asked.append(
            (given.origin(), scenario and scenario.resolved(), repr(sorted(plain.items())))
        )
        return Calibrated(given, named["points"], named["seeds"], named["seed"], named["members"])

    class Nothing:
        failed, incomplete, patterns = (), False, ()
        table = staticmethod(lambda: __import__("pandas").DataFrame())
        markdown = staticmethod(lambda: "# Nothing\n")

    monkeypatch.setattr(program.typer.main, "get_command", small)
    (tmp_path / "acts.py").write_text(POLICY, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(progress, "EVERY", 0.0)
    monkeypatch.setattr("cisim.lab.warm.warm", lambda say, **_: say and say("Compiling ..."))
    monkeypatch.setattr("cisim.lab.compare.FIRST_FUTURES", 2)
    monkeypatch.setitem(import_module("cisim.lab.compare").compare.__kwdefaults__, "most", 4)
    monkeypatch.setattr("cisim.lab.executors.choice.count_workers", record("workers", 1))
    for module in ("simulate", "resume", "sweep.driver"):
        monkeypatch.setattr(f"cisim.lab.{module}.warm", lambda say: None)
    ticks = count()
    clock = SimpleNamespace(perf_counter=lambda: 0.25 * next(ticks))  # a run takes as long as ever
    estimate = import_module("cisim.lab.sweep.estimate")
    monkeypatch.setattr(estimate, "time", clock)
    monkeypatch.setattr(estimate, "warm", cold)
    for place in ("Cluster", "Local"):
        monkeypatch.setattr(f"cisim.lab.executors.{place}", record(place, Here()))
    monkeypatch.setattr("cisim.show.report.network_charts", lambda result: ())
    monkeypatch.setattr("cisim.lab.calibration.calibrate", matched)
    monkeypatch.setattr("cisim.lab.patterns.validate", record("validate", Nothing))
    if "ui" in COMMANDS:
        spoken = import_module("cisim.show.language.spoken")

        def served(*given: Any, **named: Any) -> None:
            record(f"serve in {spoken.usual()}", None)(*given, **named)

        monkeypatch.setattr("cisim.show.page.serve", served)

    def run(command: str, options: Options) -> Came:
        line = typed(command, options)
        if tuple(line) in known:
            return known[tuple(line)]
        folder = tmp_path / str(len(known))
        folder.mkdir()
        for name, structure in (("a", "none"), ("b", "national-and-regional")):
            (folder / f"{name}.toml").write_text(SCENARIO.format(name, structure), "utf-8")
        if command == "sweep":
            (folder / "study.toml").write_text(STUDY, "utf-8")
        if command == "analyse":
            kept = tmp_path / "kept"
            if not kept.exists():
                (folder / "study.toml").write_text(ANALYSED, "utf-8")
                with monkeypatch.context() as there:
                    there.chdir(folder)
                    assert cli.main(["sweep", "study.toml", "--out", str(kept), "--quiet"]) == 0
                (folder / "study.toml").unlink()
                capsys.readouterr()
            shutil.copytree(kept, folder / "study")
        if command == "calibrate":
            (folder / "targets.toml").write_text(TARGETS, "utf-8")
        for name, value in (("seen", 9), ("other", 200)) if command == "track" else ():
            (folder / f"{name}.csv").write_text(SEEN.format(value), "utf-8")
        if command == "story":
            (folder / "story.toml").write_text(STORY, "utf-8")
        for name, text in DATA.items() if command == "import" else ():
            (folder / "data").mkdir(exist_ok=True)
            (folder / "data" / name).write_text(text, "utf-8")
        asked.clear()
        with monkeypatch.context() as there:
            there.chdir(folder)
            code = cli.main(line)
        out, err = capsys.readouterr()
        known[tuple(line)] = (code, out, err, tuple(asked), _files(folder))
        return known[tuple(line)]

    return run


def cold(say: Callable[[str], None] | None, *, always: bool = False) -> None:
    """Say what is said where nothing is compiled yet, whatever this process has run before."""
    if say is not None:
        say("Compiling ...")


def _files(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return the files by name with a digest of what they hold, times left out."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            continue
        content = path.read_bytes()
        if path.name == "manifest.json":
            said = json.loads(content)
            content = repr([said[key] for key in sorted(said) if key not in TIMES]).encode()
        found.append((path.relative_to(folder).as_posix(), hashlib.sha256(content).hexdigest()))
    return tuple(found)


TIMES = ("times", "host")


def check(came: Callable[[str, Options], Came], command: str, options: Options) -> None:
    """Fail if one of the options changes nothing beside the others, and is not refused."""
    full = came(command, options)
    if full[0] == 2:
        assert full[1] == ""
        assert full[2].count("\n") == 1
        return
    assert full[0] == 0, full
    for name in options.keys() - ALLOWS:
        fewer = {one: value for one, value in options.items() if one != name}
        assert came(command, fewer) != full, f"{name} changes nothing in: {typed(command, options)}"


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in LONG])
def test_every_option_changes_what_comes_out_or_is_refused(
    command: str, came: Callable[[str, Options], Came]
) -> None:
    names = options_of(command)
    values = {name: value_of(command, name) for name in names}
    for name in names:
        check(came, command, {name: values[name]})
    for one, other in combinations(names, 2):
        check(came, command, {one: values[one], other: values[other]})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "name"), [(command, name) for command in LONG for name in options_of(command)]
)
def test_every_option_has_its_part_beside_every_other(
    command: str, name: str, came: Callable[[str, Options], Came]
) -> None:
    names = options_of(command)
    for other in names[names.index(name) :]:
        both = [name] if other == name else [name, other]
        options = {one: value_of(command, one) for one in both}
        check(came, command, options)
        for one in both:
            options |= NEEDS.get(one, {}) if command == "compare" else {}
        check(came, command, options)


@pytest.mark.parametrize("rules", [compare.RULES, validate.RULES])
def test_an_option_that_would_change_nothing_is_refused(
    rules: tuple[given.OnlyFor, ...], came: Callable[[str, Options], Came]
) -> None:
    command = "compare" if rules is compare.RULES else "validate"
    for rule in rules:
        beside = {"quick": ""} if command == "validate" else {}
        shared = ("replicates", "by_region", "by_community", "by_organisation", "rivals", "value")
        if rule.option in (*shared, "beliefs"):
            beside = beside or {"uncertain": ""}
        beside |= {"cluster": "tcp://a:1"} if rule.option == "workers" else {}
        beside |= {"as_json": ""} if rule.option == "language" else {}
        options = beside | {rule.option: value_of(command, rule.option)}
        code, out, err, asked, files = came(command, options)
        assert (code, out, asked, len(files)) == (2, "", (), 2)
        assert "would change nothing here; it is for " in err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("compare a.toml b.toml --report --out x", "--report lacks its value: '--out' after it"),
        ("compare a.toml b.toml --goal --report x", "--goal lacks its value: '--report' after it"),
        ("run a.toml --out --json", "--out lacks its value: '--json' after it"),
        ("run a.toml --out -h", "--out lacks its value: '-h' after it"),
        ("run a.toml --seed --months 3", "--seed lacks its value"),
        ("run a.toml --months 3 --months 4", "--months is given twice; allowed is once"),
        ("run a.toml --months=3 --months 4", "--months is given twice; allowed is once"),
    ],
)
def test_an_option_has_a_value_of_its_own_and_one_only(
    line: str, words: str, came: Callable[[str, Options], Came], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(line.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1
