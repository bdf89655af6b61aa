"""A story: a case in three to seven steps, each a frozen state, a text, and a question to predict.

    title = "The money ends"
    about = "A foundation pays the development workers of a county, until June 2027."
    source = "Made up"

    [[steps]]
    title = "Before it ends"
    scenario = "national-and-regional"
    month = 18                            # or a date where the world has a start
    text = "Of those who may take part {member_share} do. More cannot be seen so far."
    look = { outcome = "member_share" }

    [steps.predict]
    question = "A year later: how many take part?"
    within = 0.03                         # what is less is the same, in the outcome's unit

A state is a scenario at a month, with what the step changes: `events` that are added, and levers
and parameters that are `set`. No figure is typed: {outcome} is what the runs show at the step,
{outcome in REGION} in a region, {outcome before} at the step before, {outcome change} the
difference from it. The only digits of a text are years. What the question asks is how the outcome
that is looked at differs in the next step's state, or in that of `then`; runs give the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from cisim.model.input_error import InputError, Problems, nearest, printable, shown
from cisim.model.outcomes import OUTCOMES
from cisim.model.told import Sentences, several
from cisim.world.calendar import When
from cisim.world.files import (
    LEFT_OUT,
    NOTHING_LEFT_OUT,
    Kind,
    checked,
    exists,
    find,
    is_path,
    name_of,
    parse,
    read_text,
)
from cisim.world.scenario import Scenario
from cisim.world.texts import Line, Lines, Title

SAYS = Sentences(
    "stories",
    steps="steps has {many}; allowed are {fewest} to {most} steps",
    month="{where}.month is {month}; allowed is {first} to {last}, the horizon of {scenario}.",
    no_then="{where}: steps[{at}].predict.then is missing; the last step has no next one, so it "
    "must say which state is asked about.",
    same_state="{where}: steps[{at}].predict asks about the state that it stands in; allowed is "
    "another month or scenario, or another change.",
    elsewhere="{field} is on {world}; allowed is the world of the first step, {first}, so that "
    "futures are shared.",
    no_outcome="{where} is {outcome}, which is not an outcome.{near} (cisim list outcomes)",
    no_region="{where} is of {region}, which is no region of this world.{near}",
    placeholder="{where} has the placeholder {written}; allowed is an outcome, with a region as in "
    "{{members in Pohde}}, and before or change.",
    before="{where} has {{{written}}}, but nothing is before the first step.",
    number="{where} has the number {number}; allowed are years and placeholders as {{members}}: "
    "figures come from runs, and those of a source are told in words.",
    sentences="{where} has {n} sentences; allowed are two or three.",
    translated="{where} has {many}; allowed is a translation of each of the {steps} steps.",
    placeholders="{where} has the placeholders {own}; allowed are those of the step, {there}.",
    none="none",
)
FEWEST, MOST = 3, 7
"""Steps of a story."""
Answer = Literal["up", "same", "down"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)
_HELD = re.compile(r"\{([^{}]*)\}")
_PLACE = re.compile(r"(?P<outcome>\w+)(?: in (?P<region>.+?))?(?: (?P<how>before|change))?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DIGITS = re.compile(r"\d[\d.,]*")
_ENDS = re.compile(r"[.!?][”\"')]*(?=\s|$)")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Look(_Part):
    """What to look at: an outcome, in a region or overall."""

    outcome: Line
    region: Line | None = None


class Then(_Part):
    """The state that a question asks about; what is left out is as in its step."""

    scenario: Line | None = None
    month: When | None = None
    events: list[dict[str, Any]] | None = Field(default=None, max_length=20)
    set: dict[str, Any] | None = None


Answered = Annotated[Line, Field(min_length=1, max_length=60)]


class Predict(_Part):
    """A question, and how its answers are called; left out, as the language that is read has it.

    within : a mean difference of at most so much is the same, in the outcome's unit
    then   : which state is asked about; left out, that of the next step
    """

    question: Annotated[Line, Field(min_length=1, max_length=200)]
    within: float = Field(gt=0, le=1e6)
    up: Answered | None = None
    same: Answered | None = None
    down: Answered | None = None
    then: Then | None = None


class Step(_Part):
    """A frozen state, two or three sentences about it, what to look at, and a question."""

    title: Annotated[Line, Field(min_length=1, max_length=80)]
    scenario: Line
    month: When
    events: list[dict[str, Any]] = Field(default=[], max_length=20)
    set: dict[str, Any] = {}
    text: Annotated[Lines, Field(min_length=1, max_length=500)]
    look: Look
    predict: Predict


class TranslatedStep(_Part):
    """What a step says in another language; its text has the same placeholders."""

    title: Annotated[Line, Field(min_length=1, max_length=80)]
    text: Annotated[Lines, Field(min_length=1, max_length=600)]
    question: Annotated[Line, Field(min_length=1, max_length=200)]
    up: Answered
    same: Answered
    down: Answered


class Translation(_Part):
    """What a story says in another language: its own texts, then those of each step."""

    title: Title
    about: Annotated[Lines, Field(min_length=1, max_length=700)]
    source: Annotated[Lines, Field(min_length=1, max_length=700)]
    lacks: Annotated[Lines, Field(max_length=1200)] = ""
    target: Annotated[Lines, Field(max_length=500)] = ""
    steps: list[TranslatedStep]


class StoryFile(_Part):
    """What a story's TOML may say.

    source : where the case is from
    world  : where its scenarios run; left out, where their files say
    lacks  : what of the case the model does not have
    target : what the people of the case aimed at, with its source; never computed
    translations : the same in other languages, by their code, such as fi
    """

    title: Title
    about: Annotated[Lines, Field(min_length=1, max_length=600)]
    source: Annotated[Lines, Field(min_length=1, max_length=600)]
    world: Line | None = None
    lacks: Annotated[Lines, Field(max_length=1000)] = ""
    target: Annotated[Lines, Field(max_length=400)] = ""
    steps: list[Step]
    translations: dict[str, Translation] = {}

    @model_validator(mode="after")
    def _long_enough(self, info: ValidationInfo) -> StoryFile:
        left_out = (info.context or {}).get(LEFT_OUT, NOTHING_LEFT_OUT)
        many = len(self.steps) + len(left_out.members.get("steps", ()))
        if not FEWEST <= many <= MOST:
            raise ValueError(SAYS("steps", many=many, fewest=FEWEST, most=MOST))
        return self


class State(NamedTuple):
    """A scenario at a month."""

    scenario: Scenario
    month: int


class Held(NamedTuple):
    """A placeholder: an outcome, in a region or None for overall, now, before, or the change."""

    written: str
    outcome: str
    region: str | None
    how: str


@dataclass(frozen=True)
class Told:
    """A step as it is run.

    held : the placeholders of its text, in its order
    then : the state that its question asks about
    """

    step: Step
    here: State
    then: State
    held: tuple[Held, ...]


@dataclass(frozen=True)
class Story:
    """A story that has been read and checked; `load` reads one."""

    name: str
    file: StoryFile
    steps: tuple[Told, ...]

    @classmethod
    def load(cls, name_or_path: str | PathLike[str]) -> Story:
        """Return the story of a shipped name or of a file's path.

        Raises InputError, with a sentence for each fault.
        """
        path = find("stories", name_or_path)
        return cls.read(read_text(path), printable(path.name), name_of(path), path.parent)

    @classmethod
    def read(cls, text: str, where: str, name: str, folder: Path | None = None) -> Story:
        """Return the story that a TOML text means; `folder` is where its paths start.

        Raises InputError, with a sentence for each fault.
        """
        file = checked(StoryFile, parse(text, where), where)
        wrong = Problems()
        place = {} if file.world is None else {"world": file.world}
        if place:  # said once, not by each step
            with wrong.gathered():
                place["world"] = str(_file("worlds", place["world"], f"{where}: world", folder))
            wrong.refuse()
        states = [
            _state(step, f"{where}: steps[{at}]", folder, place, wrong)
            for at, step in enumerate(file.steps)
        ]
        thens = _thens(file, states, where, folder, place, wrong)
        wrong.sentences += _elsewhere(states, thens, where)
        found = []
        for at, (step, here, then) in enumerate(zip(file.steps, states, thens, strict=True)):
            field = f"{where}: steps[{at}]"
            names = _regions(here)
            wrong.sentences += _unseen(step.look.outcome, step.look.region, names, f"{field}.look")
            held = [_held(one) for one in _HELD.findall(step.text)]
            wrong.sentences += _badly_told(step.text, held, names, f"{field}.text", first=at == 0)
            if here is not None and then is not None:
                placed = tuple(one for one in held if isinstance(one, Held))
                found.append(Told(step, here, then, placed))
        wrong.sentences += _badly_translated(file, where)
        wrong.refuse()
        return cls(name, file, tuple(found))

    def translated(self, language: str) -> Story:
        """Return the story in a language, by its code; itself where it has no such translation."""
        other = self.file.translations.get(language)
        if other is None:
            return self
        told = tuple(
            replace(
                one,
                step=one.step.model_copy(
                    update={
                        "title": said.title,
                        "text": said.text,
                        "predict": one.step.predict.model_copy(
                            update={name: getattr(said, name) for name in ("question", *ANSWERS)}
                        ),
                    }
                ),
            )
            for one, said in zip(self.steps, other.steps, strict=True)
        )
        texts = {name: getattr(other, name) for name in _TOLD}
        file = self.file.model_copy(update={**texts, "steps": [one.step for one in told]})
        return replace(self, file=file, steps=told)

    @property
    def states(self) -> tuple[State, ...]:
        """Return every state that is looked at or asked about, each once."""
        every = [state for told in self.steps for state in (told.here, told.then)]
        return tuple(state for at, state in enumerate(every) if state not in every[:at])


def _file(kind: Kind, given: str, where: str, folder: Path | None) -> Path:
    """Return the file that is meant; a relative path is seen from the story's folder, too."""
    path = find(kind, given, where)
    return folder / path if folder is not None and is_path(given) and not exists(path) else path


def _state(
    step: Step | Then, where: str, folder: Path | None, place: dict[str, str], wrong: Problems
) -> State | None:
    """Return the state that a step means, None where that is wrong, which is gathered.

    place : the world, where the story says it
    """
    with wrong.gathered():
        assert step.scenario is not None
        assert step.month is not None
        path = _file("scenarios", step.scenario, f"{where}.scenario", folder)
        scenario = Scenario.load(path, **place)
        month = scenario.calendar.month(step.month, f"{where}.month")
        if month > scenario.months:
            written = scenario.calendar.written
            last = written(scenario.months)
            raise InputError(
                SAYS(
                    "month",
                    where=where,
                    month=step.month,
                    first=written(0),
                    last=last,
                    scenario=scenario.name,
                )
            )
        if step.events:
            ours = [event.model_dump() for event in scenario.events]
            scenario = scenario.with_(events=[*ours, *step.events], where=where)
        if step.set:
            scenario = scenario.set(step.set, f"{where}.set")
        if step.events or step.set:  # whose money another gives is that of the one as it is
            scenario = scenario.with_(name=f"{scenario.name}, changed")
        return State(scenario, month)
    return None


def _thens(
    file: StoryFile,
    states: Sequence[State | None],
    where: str,
    folder: Path | None,
    place: dict[str, str],
    wrong: Problems,
) -> list[State | None]:
    """Return the state that each question asks about."""
    found: list[State | None] = []
    for at, step in enumerate(file.steps):
        then = step.predict.then
        if then is not None:
            given = then.model_dump(exclude_none=True)
            left = {name: getattr(step, name) for name in Then.model_fields}
            whole = Then(**{**left, **given})
            field = f"{where}: steps[{at}].predict.then"
            found.append(_state(whole, field, folder, place, wrong))
        elif at + 1 < len(states):
            found.append(states[at + 1])
        else:
            wrong.sentences.append(SAYS("no_then", where=where, at=at))
            found.append(None)
    for at, (here, there) in enumerate(zip(states, found, strict=True)):
        if here is not None and here == there:
            wrong.sentences.append(SAYS("same_state", where=where, at=at))
    return found


def _regions(state: State | None) -> list[str] | None:
    """Return the names of a state's regions; None where it is wrong, so that none is known."""
    return None if state is None else [one.name for one in state.scenario.world.regions]


def _elsewhere(
    states: Sequence[State | None], thens: Sequence[State | None], where: str
) -> list[str]:
    """Say which states are of another world than the first one's."""
    found: list[str] = []
    if states[0] is None:
        return found
    first = states[0].scenario
    for at, pair in enumerate(zip(states, thens, strict=True)):
        for field, state in zip(("scenario", "predict.then.scenario"), pair, strict=True):
            if state is not None and state.scenario.world != first.world:
                found.append(
                    SAYS(
                        "elsewhere",
                        field=f"{where}: steps[{at}].{field}",
                        world=state.scenario.world_name,
                        first=first.world_name,
                    )
                )
    return found


def _held(written: str) -> Held | str:
    """Return what a placeholder means, or what is written in it if that is nothing."""
    found = _PLACE.fullmatch(written)
    if found is None:
        return written
    return Held(written, found["outcome"], found["region"], found["how"] or "")


def _unseen(
    outcome: str, region: str | None, names: Sequence[str] | None, where: str
) -> Iterator[str]:
    """Yield what is wrong with an outcome and a region that are looked at.

    names : of the regions that there are; None where they are not known
    """
    if outcome not in OUTCOMES:
        near = nearest(outcome, OUTCOMES)
        yield SAYS("no_outcome", where=where, outcome=shown(outcome), near=near)
    if region is not None and names is not None and region not in names:
        near = nearest(region, names)
        yield SAYS("no_region", where=where, region=shown(region), near=near)


def _badly_told(
    text: str, held: Sequence[Held | str], names: Sequence[str] | None, where: str, *, first: bool
) -> Iterator[str]:
    """Yield what is wrong with a text: typed figures, wrong placeholders, its length."""
    for one in held:
        if isinstance(one, str):
            yield SAYS("placeholder", where=where, written=shown(one))
            continue
        yield from _unseen(one.outcome, one.region, names, f"{where}, {{{one.written}}},")
        if first and one.how:
            yield SAYS("before", where=where, written=one.written)
    rest = _HELD.sub("so many", text)
    for digits in _DIGITS.findall(_YEAR.sub("", rest)):
        yield SAYS("number", where=where, number=digits.rstrip(".,"))
    sentences = len(_ENDS.findall(rest))
    if not 2 <= sentences <= 3:
        yield SAYS("sentences", where=where, n=sentences)


def _badly_translated(file: StoryFile, where: str) -> Iterator[str]:
    """Yield what is wrong with translations: steps, placeholders, typed figures, length."""
    for code, other in file.translations.items():
        field = f"{where}: translations.{code}"
        if len(other.steps) != len(file.steps):
            many, steps = len(other.steps), len(file.steps)
            yield SAYS("translated", where=f"{field}.steps", many=many, steps=steps)
            continue
        for at, (step, said) in enumerate(zip(file.steps, other.steps, strict=True)):
            own, there = (sorted(set(_HELD.findall(text))) for text in (said.text, step.text))
            if own != there:
                yield SAYS(
                    "placeholders",
                    where=f"{field}.steps[{at}].text",
                    own=several(own) or SAYS("none"),
                    there=several(there) or SAYS("none"),
                )
            yield from _badly_told(said.text, (), (), f"{field}.steps[{at}].text", first=False)


_TOLD = ("title", "about", "source", "lacks", "target")
"""What a story says of itself in a language."""


def fill(text: str, figures: Mapping[str, str]) -> str:
    """Return a text with its placeholders filled, by what is written in them."""
    return " ".join(_HELD.sub(lambda found: figures[found[1]], text).split())
