"""The questions that planners ask, each answered by one command; the answers are made of its runs.

python experiments/questions.py      writes docs/questions.md again
"""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import NamedTuple

import cisim
from cisim.show.tables import nothing, number

PAGE = Path(__file__).resolve().parents[1] / "docs" / "questions.md"
OUTCOME = "wellbeing_gain"
MINUS = "\N{MINUS SIGN}"


class Question(NamedTuple):
    """A question, the command that answers it, and which region is looked at.

    care : what has to be said with the answer
    """

    words: str
    command: str
    care: str = ""
    region: str = "overall"


QUESTIONS = (
    Question(
        "The same money without a backbone?",
        "cisim compare same-total national-and-regional --world county --replicates 20 "
        "--beliefs fixed",
        "Joint work is taken to be effective here; the last question asks what if it is less so.",
    ),
    Question(
        "Four national staff for five regions, or for all 21 counties?",
        "cisim compare four-for-21 national-and-regional --world finland --replicates 20 "
        "--beliefs fixed",
        "Only the five regions are looked at: what sixteen others would gain is not counted.",
    ),
    Question(
        "The foundation's money ends in 2026: with the county taking over, without, and from when?",
        "cisim compare finland-2020-ends finland-2020-a-year-later finland-2020-takes-over "
        "--world finland-2020 --replicates 20 --beliefs fixed",
    ),
    Question(
        "Handover after local people are trained?",
        "cisim compare handover-early handover-late national-and-regional --world county "
        "--replicates 20 --beliefs fixed",
    ),
    Question(
        "Four municipalities deeply, or 23 thinly (Pirha)?",
        "cisim compare all-thinly few-deeply --world finland --by-region --replicates 20 "
        "--beliefs fixed",
        "The gain is that of all children of Pirha, in municipalities that take part or not.",
        region="Pirha",
    ),
    Question(
        "Officials or politicians missing?",
        "cisim compare missing-sponsor politicians-only officials-only national-and-regional "
        "--world county --replicates 20 --beliefs fixed",
    ),
    Question(
        "A sponsor hostile, returning, integrated?",
        "cisim compare national-and-regional hostile-sponsor returning-sponsor integrated-sponsors "
        "--world county --replicates 20 --beliefs fixed",
    ),
    Question(
        "A university instead of a national backbone?",
        "cisim compare regional-only regional-academic national-and-regional --world county "
        "--replicates 20 --beliefs fixed",
    ),
    Question(
        "The champion leaves?",
        "cisim compare champion-stays champion-leaves national-and-regional --world county "
        "--replicates 20 --beliefs fixed",
        "All champions leave in one month, after a year and a half. A champion opens doors to "
        "those who are not members yet; *National and regional backbones* has none.",
    ),
    Question(
        "The funder changes the agenda?",
        "cisim compare ungas-vagar ungas-vagar-new-funder --world malmo --replicates 20 "
        "--beliefs fixed",
        "In Malmö, with a host that does not keep the new funder out.",
    ),
    Question(
        "Two reforms at once?",
        "cisim compare one-reform two-reforms-at-once two-reforms-apart --world county "
        "--replicates 20 --beliefs fixed",
    ),
    Question(
        "When is a partnership not worth it?",
        "cisim compare same-total national-and-regional --world county --set effort_half=3 "
        "--replicates 20 --beliefs fixed",
        "Here joint work is as effective as in the best evaluated programme of the kind "
        "(effort_half 3); nobody has measured it for your place. "
        "`cisim threshold same-total national-and-regional --world county --vary effort_half "
        "--until-order-turns` finds where the order turns.",
    ),
)
"""In the order in which they were asked."""

_OPENING = (
    "# Questions that planners ask",
    (
        "Each question has one command, and its answer is made of what that command's runs show: "
        "children's wellbeing at the end (points of 100), and in how many shared futures. In all "
        "of these commands every number has one value (`--beliefs fixed`) and only luck differs; "
        "leave that out, and futures [believe differently, too](beliefs.md). The answers are the "
        "model's. They say which way a difference goes under its assumptions, and "
        "no more; read [what you cannot conclude](planner.md#8-what-you-cannot-conclude) with "
        "them. Written by `experiments/questions.py`; a test makes it again."
    ),
)


def compared(question: Question) -> cisim.Comparison:
    """Return the comparison that a question's command makes."""
    asked = argparse.ArgumentParser()
    asked.add_argument("scenarios", nargs="+")
    asked.add_argument("--world")
    asked.add_argument("--replicates", type=int)
    asked.add_argument("--set", action="append", default=[])
    asked.add_argument("--by-region", action="store_true")
    asked.add_argument("--beliefs")
    given = asked.parse_args(shlex.split(question.command)[2:])
    settings = {name: float(value) for name, value in (one.split("=") for one in given.set)}
    scenarios = [cisim.Scenario.load(name, world=given.world) for name in given.scenarios]
    chosen = [one.set(settings) if settings else one for one in scenarios]
    return cisim.compare(
        chosen,
        given.replicates,
        outcomes=[OUTCOME],
        by_region=given.by_region,
        beliefs=given.beliefs,
    )


def answer(question: Question) -> str:
    """Return the answer in a sentence or two, from the command's runs."""
    found = compared(question)
    first = found.names[0]
    title = {name: one.scenario.title for name, one in found.ensembles.items()}
    base = float(found.ensembles[first].at(OUTCOME, None, question.region).mean())
    told = []
    for row in found.paired(OUTCOME, region=question.region).to_dict("records"):
        points = number(abs(row["mean"]))
        name = f"*{title[row['scenario']]}*"
        if not row["distinct"] or nothing(points):
            told.append(f"{name} cannot be told apart from that")
            continue
        sign = "+" if row["mean"] > 0 else MINUS
        ahead = row["better"] if row["mean"] > 0 else row["n"] - row["better"] - row["equal"]
        side = "more" if row["mean"] > 0 else "less"
        told.append(f"{name} gains {side} ({sign}{points}, in {ahead:.0f} of {row['n']} futures)")
    gain = number(base).replace("-", MINUS)
    return f"*{title[first]}* gains {gain} points. {'; '.join(told)}."


def page() -> str:
    """Return the page as Markdown."""
    parts = [*_OPENING]
    for question in QUESTIONS:
        parts += [f"## {question.words}", f"```sh\n{question.command}\n```", answer(question)]
        parts += [question.care] if question.care else []
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
