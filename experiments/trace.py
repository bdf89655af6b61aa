"""Write docs/trace.md: the TRACE document, what was done so that the model can be relied on.

    python experiments/trace.py        a second; every figure comes from the code or from results/

TRACE (TRAnsparent and Comprehensive model Evaludation) has eight elements: Schmolke et al. 2010,
Augusiak et al. 2014, Grimm et al. 2014 (Ecological Modelling 280:129). Each section says what was
really done, what came of it, and what was not done.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from cisim.lab.calibration.file import shipped_targets
from cisim.lab.patterns.declared import PATTERNS
from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.model.schedule import FOUNDING, HISTORY, SCHEDULE
from cisim.show.documents.markdown import page, span, table
from cisim.show.documents.systems import SYSTEMS
from cisim.show.language.forms import listed
from cisim.world.joint_points import read_making, shipped_ensembles

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "trace.md"
RESULTS = ROOT / "results"
GRADES = ("existence", "sign", "size")
MOST = 8
PI = ("own_value", "effort_half", "wb_max")
_ORDER = re.compile(
    r"in futures that differ by ([\w ]+), the order is .*; it holds under (each of \d+|\d+ of \d+) "
    r"rival theories, tried one at a time(?:, not under .*?)?"
    r"(?:; these futures cannot tell: (.*?))?; the least"
)

OPENING = """\
# TRACE: what was done so that the model can be relied on

Written by `python experiments/trace.py`; do not edit. It follows the eight elements of TRACE
(Schmolke et al. 2010; Augusiak et al. 2014; Grimm et al. 2014, Ecological Modelling 280:129). Every
figure comes from the code, or from the file in `results/` that is named beside it; such a file says
of which version it is, and it may be older than the code. Of each element it is said what was
**done**, and what was **not**."""

PROBLEM = """\
## 1. The problem, and for whom

**Question.** Does a partnership for children's wellbeing hold and help, and what do backbones,
sponsors and the people who pay change about that? For three users: a researcher who sweeps and
publishes, a facilitator who shows scenarios to those who decide, and a planner who compares
structures for a real region ([researcher](researcher.md), [facilitator](facilitator.md),
[planner](planner.md)).

**What answers are.** Differences between structures in the same futures, never levels: no source
measures the level of anything that a run returns. A statement is about an ensemble of futures that
differ in luck, and by default in what is believed ([beliefs](beliefs.md)).

**What it is not for.** Forecasts for one place; whether collective impact works at all, as no
source compares places with it to places without; claims about neutrality and the pull of funders,
which hang on what payers want."""

FORMULATION = """\
## 2. The model

{entities} The whole description is the ODD ([odd](odd.md)), which is generated from the
declarations in the code, so that it cannot fall behind it. A month has {schedule} processes, in one
order; {history} of them run in the {months} months of history; {founding} run once, when the
partnership is founded. Nothing in the code asks which scenario runs: structures differ only in
levers."""

DATA = """\
## 3. Data: what stands behind the numbers

{counts}

Of {numbers} parameters and constants the size of {sized} is supported by anything at all; {judged}
are judgement altogether ([evidence](evidence.md)). Names and figures of the worlds that ship carry
their source or the word *assumption* (`cisim evidence --world NAME`). Targets of the calibration
are published figures, {targets} of them, each with its source and a tolerance that was set before
the result was seen; three readings were defined after a first look, and
[calibration](calibration.md) says which.

**Not done.** No data of the Finnish regions themselves: no trust survey, no record of meetings or
staff of theirs was at hand. A partnership that has such figures can use them: `cisim import`,
`cisim calibrate` with targets of its own, `cisim track`."""

CONCEPTS = """\
## 4. Concepts: simplifications, and rivals

The sources describe {systems} systems; {runs} of them run ([systems](systems.md)), each with the
sentence that it comes from, and what is not in the model stands there with its reason. Where
authors differ on a mechanism, the rival stands in the model as its authors wrote it: trust in two
layers, bounded confidence and Friedkin-Johnsen, conditional cooperation, weakest link and additive
production, ties that form. Tried one at a time ([rivals](rivals.md)):

{rivals}

Levels did not hold.

**Built in.** What an equation puts there is an assumption and no finding. {built} of the
{patterns} patterns of sections 6 and 8 are built in wholly or in part;
[results/validation.md](../results/validation.md) says by which equation."""

IMPLEMENTATION = """\
## 5. Implementation: is the program the model?

- **Written twice.** An independent second writing in plain objects (`tests/reference`) follows the
  description rule by rule; every state variable of every structure is compared in each month of
  history and of three years and more, and agrees to 1e-9.
- **Bit for bit.** Digests of every outcome of {bits} pairs of world and scenario are kept
  (`tests/model/bits.json`), so that a change of any bit is seen and has to be meant. A run that was
  stopped, one on many workers and one on another day give the same bits.
- **Properties.** Invariants, analytic limits and metamorphic relations: relabelled organisations
  give relabelled results, a backbone whose roles do nothing changes nothing (Q2), more of a lever
  moves what the source says.
- **Are the tests sharp?** {mutants} single faults were put into the code; the tests noticed
  {killed} of the {counted} that change anything ([results/mutants.md](../results/mutants.md)).
- **Month 0 is no jump.** What moves where nothing begins is measured in
  [results/month-zero.md](../results/month-zero.md)."""

VERIFICATION = """\
## 6. Output: does it show what it should?

Pattern-oriented: each pattern is tested at the defaults and over what may be believed, and its
verdict follows from intervals. The table is that of
[results/validation.md](../results/validation.md) ({version}). No threshold moves after a result.

{verdicts}

{tally}"""

ANALYSIS = """\
## 7. Sensitivity: what decides

By screening (Morris) over {factors} parameters, outcome {outcome}, {scenario} against {against} at
month {month} (`results/sensitivity-finland`). What is largest, and
what stands behind it:

{effects}

The screening is of the version that its manifest names, over what was believed then; *believed* is
what is believed now.

{ratio} are told as one ratio,
pi = own_value · effort_half / wb_max: what an hour of own service is worth against an hour of joint
work. No source measures it; the marks in its chart are a conversion of ours from one programme. So
the first page of a report says where the order of structures turns along it
([beliefs](beliefs.md), [threshold](threshold.md))."""

CORROBORATION = """\
## 8. Corroboration: published figures

Of the published figures L1 to L9 (same source as in 6):

{published}

{calibrated}

**Not done.** No region was foretold and then seen. Sites that the calibration never saw are sites
of the model, not of the world."""


def aimed_at(patterns: Sequence[str]) -> str:
    """Return which of the published figures the calibrations aim at, and which they do not."""
    made = [read_making(name)["targets"] for name in shipped_ensembles()]
    aims = {one["name"].partition(".")[0] for each in made for one in each if one["weight"]}
    asked = [one for one in patterns if one in aims]
    others = [one for one in patterns if one not in aims]
    assert asked, "no ensemble ships"
    assert others, "nothing is left that no calibration has aimed at"
    return (
        f"Of {', '.join(asked)} some figure is a target of the calibrations that defaults and "
        f"beliefs come from ([calibration](calibration.md)): that those meet it is no test of the "
        f"model. Of {', '.join(others)} none is. The shares above are of all that is plausible, "
        f"before any calibration."
    )


def numbers() -> list[str]:
    """Return the three texts of counts: a table, how many have a size, how many are judgement."""
    every = list(declarations(Parameters).values())
    rows = []
    for words, constant in (("parameters, which are sampled", False), ("constants", True)):
        group = [one for one in every if one.constant is constant]
        graded = [str(sum(grade in one.evidence.supports for one in group)) for grade in GRADES]
        rows.append([words, str(len(group)), *graded])
    sized = sum("size" in one.evidence.supports for one in every)
    judged = sum(not one.evidence.supports for one in every)
    head = ["", "how many", *(f"{grade} supported" for grade in GRADES)]
    return [table(head, rows), str(len(every)), str(sized), str(judged)]


def targets() -> int:
    """Return how many published figures ship as targets."""
    found = [tomllib.loads(path.read_text("utf-8")) for path in shipped_targets().values()]
    return sum(len(one.get("targets", ())) for one in found)


def verdicts() -> tuple[str, list[tuple[str, str, str, str]]]:
    """Return of which version the validation is, and its rows: pattern, words, verdict, share."""
    text = (RESULTS / "validation.md").read_text("utf-8")
    version = re.search(r"^- (version .*)$", text, re.MULTILINE)
    found = re.findall(
        r"^\| (\w\d+) \| (.*?) \| \*\*(.*?)\*\* \| .*? \| (.*?) \|$", text, re.MULTILINE
    )
    if version is None or {row[0] for row in found} != set(PATTERNS):
        raise SystemExit(
            "results/validation.md has other patterns than the code; run cisim validate."
        )
    return version[1], found


def rivals() -> str:
    """Return under how many rival theories the order of structures holds, as their guide has it."""
    text = (ROOT / "docs" / "rivals.md").read_text("utf-8")
    said = []
    for command, printed in re.findall(
        r"^(cisim compare [^\n]*--rivals[^\n]*)\n```\n\n```text\n(.*?)^```",
        text,
        re.MULTILINE | re.DOTALL,
    ):
        found = _ORDER.search(printed)
        structures = re.match(r"(\d+) scenarios", printed)
        if found is None or structures is None:
            raise SystemExit(
                "docs/rivals.md does not say whether an order holds; run its commands."
            )
        place = "One town" if "--world one-town" in command else "Finland's five regions"
        differ, how, open_ = found[1], found[2], found[3]
        unclear = f"; it could not be told under {open_}" if open_ else ""
        said.append(
            f"- {place}, in futures that differ by {differ}: the order of {structures[1]} "
            f"structures held under {how} rival theories{unclear}."
        )
    if not said:
        raise SystemExit("docs/rivals.md compares nothing under rival theories.")
    return "\n".join(said)


def mutants() -> tuple[int, int, int]:
    """Return how many faults were tried, how many change anything, and how many were noticed."""
    text = (RESULTS / "mutants.md").read_text("utf-8")
    rows = re.findall(r"^\| \w+ \| .*? \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|", text, re.MULTILINE)
    tried, killed, _, equivalent = (
        sum(column) for column in zip(*(map(int, row) for row in rows), strict=True)
    )
    return tried, tried - equivalent, killed


def effects() -> tuple[str, dict[str, str]]:
    """Return the table of what moves the answer most, and of what it was asked."""
    folder = RESULTS / "sensitivity-finland"
    asked = json.loads((folder / "manifest.json").read_text("utf-8"))["asked_of"]
    with (folder / "morris.csv").open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["region"] == "overall"]
    month = max(int(row["month"]) for row in found)
    found = [row for row in found if int(row["month"]) == month]
    found.sort(key=lambda row: -float(row["effect"]))
    declared = declarations(Parameters)
    largest = [row["parameter"] for row in found[: len(PI)]]
    if {*largest} != {*PI}:
        raise SystemExit("What moves the answer most is no longer pi: section 7 says it is.")
    rows = []
    for row in found[:MOST]:
        one = declared[row["parameter"]]
        supports = ", ".join(one.evidence.supports) or "judgement"
        size = f"{float(row['effect']):.2f} ({float(row['effect_low']):.2f} to "
        size += f"{float(row['effect_high']):.2f})"
        rows.append([f"`{one.name}`", size, span(one.plausible), one.evidence.source, supports])
    head = ["parameter", "effect (90 % interval)", "believed", "source", "it supports"]
    ratio = f"The three largest, {listed([f'`{name}`' for name in largest])},"
    said = {
        "ratio": ratio,
        "factors": str(len(found)),
        "month": str(month),
        "outcome": f"`{asked['outcome']}`",
    }
    first = found[0]
    return table(head, rows), said | {"scenario": first["scenario"], "against": first["against"]}


def write() -> str:
    """Return the document."""
    counted, every, sized, judged = numbers()
    version, rows = verdicts()
    tally = Counter(row[2].partition(",")[0].partition(":")[0] for row in rows)
    tried, change, killed = mutants()
    shown, asked = effects()
    running = [system for system in SYSTEMS if system.state == "runs"]
    bits = json.loads((ROOT / "tests" / "model" / "bits.json").read_text("utf-8"))
    published = [row for row in rows if row[0].startswith("L")]
    head = ["", "pattern", "verdict", "share of the space (90 % interval)"]
    months = int(Parameters().history_months)
    return page(
        OPENING,
        PROBLEM,
        FORMULATION.format(
            entities="Organisations, communities, regions, backbones, sponsors and payers; agents "
            "of Mesa, with trust, mandates and resources.",
            schedule=len(SCHEDULE),
            history=len(HISTORY),
            founding=len(FOUNDING),
            months=months,
        ),
        DATA.format(counts=counted, numbers=every, sized=sized, judged=judged, targets=targets()),
        CONCEPTS.format(
            rivals=rivals(),
            systems=len(SYSTEMS),
            runs=len(running),
            built=sum("built in" in row[2] for row in rows),
            patterns=len(rows),
        ),
        IMPLEMENTATION.format(bits=len(bits), mutants=tried, killed=killed, counted=change),
        VERIFICATION.format(
            version=version,
            verdicts=table(head, [row for row in rows if not row[0].startswith("L")]),
            tally="Of all, with those of section 8: "
            + "; ".join(f"{count} {words}" for words, count in tally.most_common())
            + ".",
        ),
        ANALYSIS.format(effects=shown, **asked),
        CORROBORATION.format(
            published=table(head, published),
            calibrated=aimed_at([row[0] for row in published]),
        ),
    )


if __name__ == "__main__":
    DOCUMENT.write_text(write(), encoding="utf-8")
