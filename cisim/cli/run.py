"""`cisim run`: one scenario, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cisim.cli.chosen import chosen_scenarios
from cisim.cli.communities import communities_json, print_communities
from cisim.cli.endings import DONE
from cisim.cli.figures import about, headlines, print_json, shown_months, values_json, when
from cisim.cli.files import (
    bill_chart,
    community_chart,
    headline_charts,
    network_chart,
    print_files,
    result_folder,
    write_result,
    written,
)
from cisim.cli.given import UNDER_POLICY, OnlyFor, refuse_unused
from cisim.cli.language import READ, LanguageOption, speak_as_asked
from cisim.cli.options import (
    AsJson,
    Believed,
    ByCommunity,
    ByOrganisation,
    ByRegion,
    Months,
    OnWorld,
    Out,
    Policy,
    PolicySettings,
    Quiet,
    Seed,
    Settings,
    WithStructure,
)
from cisim.cli.progress import say_unless
from cisim.cli.streams import say, show

if TYPE_CHECKING:
    import numpy as np

    from cisim.lab.each import Followed
    from cisim.lab.ensemble import Ensemble
    from cisim.model.outcomes.each import Of
    from cisim.world.scenario import Scenario


def _has_network(options: Mapping[str, Any]) -> bool:
    return options["network"] is not None


ONLY_FOR = (
    UNDER_POLICY,
    OnlyFor("month", _has_network, "--network"),
    OnlyFor("by_organisation", lambda options: options["out"] is not None, "--out"),
    READ,
)


def run(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help="A shipped scenario's name, or a file.")],
    world: OnWorld = None,
    structure: WithStructure = None,
    settings: Settings = None,
    policy: Policy = None,
    policy_settings: PolicySettings = None,
    beliefs: Believed = None,
    seed: Seed = 1,
    months: Months = None,
    by_region: ByRegion = False,
    by_community: ByCommunity = False,
    by_organisation: ByOrganisation = False,
    network: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write who knows whom and how far they trust: .graphml, or .csv, which becomes "
            "two files.",
        ),
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(
            metavar="MONTH",
            help="With --network, after which month: a number, or a date such as 2027-07 where the "
            "world has a start.",
        ),
    ] = None,
    out: Out = None,
    language: LanguageOption = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Run one scenario once and say what happened.

    Example: cisim run missing-sponsor --world one-town --seed 7 --out results/one
    """
    started = datetime.now(UTC)
    refuse_unused(context, ONLY_FOR)
    speak_as_asked(context, language)
    (chosen,) = chosen_scenarios(
        [scenario], world, structure, settings, months, policy, policy_settings, beliefs
    )
    folder = None if out is None else result_folder(out)
    when_known = chosen.months
    if network is not None:
        when_known = _check_network(network, month, chosen)

    import numpy as np

    from cisim.lab.each import empty, follow
    from cisim.lab.scale import outside
    from cisim.lab.simulate import asked_of_each
    from cisim.lab.warm import warm
    from cisim.model.input_error import printable
    from cisim.model.model import CollectiveImpactModel
    from cisim.model.outcomes import OUTCOMES
    from cisim.show.counted import label
    from cisim.show.decided_in_words import told_once
    from cisim.show.language.facts import in_language
    from cisim.show.language.spoken import ENGLISH, speaking
    from cisim.show.language.texts import say as in_words
    from cisim.show.run_in_words import ASKED, describe, tell
    from cisim.show.told import told
    from cisim.world.notes import notes

    to_say = say_unless(quiet)
    if to_say is not None:
        for note in notes(chosen):
            say(told(note))
    warm(to_say)
    model = CollectiveImpactModel(chosen, seed=seed)
    kinds = asked_of_each(by_community, by_organisation)
    drawn: list[str] = []
    if network is not None:
        from cisim.lab.networks import write_network

        first = CollectiveImpactModel(chosen, seed=seed).run(when_known) if kinds else None
        known = model.run(when_known) if first is None else first
        drawn = [str(file) for file in write_network(network, known.network())]
    each: dict[Of, Followed] = {}
    for of, rows in (follow(model, kinds) if kinds else {}).items():
        each[of] = empty(of, chosen, seed, 1)
        each[of].values[0] = rows
    model.run()
    asked = OUTCOMES if folder is not None else (*headlines(), *ASKED)
    values = model.recorder.values(dict.fromkeys(asked))
    seen = np.stack(list(values.values()), axis=-1)[None]
    left_scale = outside(chosen.name, list(values), seen)
    books = model.recorder.books[1:]
    ensemble = _alone(chosen, seed, values, by_region, books, each)
    files: list[str] = []
    key = None
    if folder is not None:
        figures = headline_charts(ensemble, seed) | network_chart(ensemble, seed)
        figures |= community_chart(ensemble, seed)
        figures |= bill_chart(ensemble, seed)
        key, files = write_result(folder, ensemble, figures, context.obj, started)

    def sentences() -> list[str]:
        decided = told_once(model.decisions, chosen.calendar)
        return [*tell(chosen, values), *decided, *(told(one.words) for one in left_scale)]

    if as_json:
        with speaking(ENGLISH):
            english = sentences()
        print_json(
            {
                "command": "run",
                **describe(chosen, seed),
                "told": english,
                "notes": notes(chosen),
                "outcomes": {
                    name: {**about(one), "values": values_json(chosen, values[name], by_region)}
                    for name, one in headlines().items()
                },
                **({"communities": communities_json(ensemble)} if by_community else {}),
                **written(key, files),
                **({"network": drawn} if drawn else {}),
            }
        )
        return DONE
    place = "" if world is None else f" --world {world}"
    _print_run(in_language(chosen), seed, sentences(), values, by_region, place)
    if by_community:
        print_communities(ensemble)
    print_files(out, files)
    if drawn:
        month_said = label(chosen.calendar, when_known)
        files_said = ", ".join(map(printable, drawn))
        show("\n" + in_words("printed.network", month=month_said, files=files_said))
    return DONE


def _check_network(network: str, month: str | None, scenario: Scenario) -> int:
    """Return the month whose network is written.

    Raises InputError if the scenario does not come to it, or the file cannot be written.
    """
    from cisim.lab.networks import check_network
    from cisim.model.input_error import InputError
    from cisim.model.told import behind

    written, asked = scenario.calendar.written, scenario.months
    if month is not None:
        number = month.isascii() and month.isdecimal()
        asked = int(month[:9]) if number else scenario.calendar.parse(month, "--month")
    if asked > scenario.months:
        raise InputError(
            f"--month is {month}; allowed is {written(0)} to {written(scenario.months)}, the "
            f"horizon of {scenario.name}."
        )
    try:
        check_network(network)
    except InputError as error:
        raise InputError(behind("--", str(error))) from None
    return asked


def _print_run(
    scenario: Scenario,
    seed: int,
    told: Sequence[str],
    values: Mapping[str, np.ndarray],
    by_region: bool,
    again: str,
) -> None:
    """again : the options that another command on this place takes."""
    from cisim.show.counted import lasting
    from cisim.show.language.facts import unit_in_words, world_title
    from cisim.show.language.texts import say as in_words
    from cisim.show.places_in_words import place
    from cisim.show.tables import decimals_for, number, paragraph, table, terminal_width

    width = terminal_width()
    time = lasting(scenario.months, scenario.calendar)
    show(
        in_words(
            "printed.run" if scenario.beliefs is None else "printed.run_believing",
            title=scenario.title,
            world=world_title(scenario.world_name, scenario.world.title),
            time=time,
            seed=seed,
        )
    )
    if scenario.story:
        show(paragraph(scenario.story, width))
    show()
    for sentence in told:
        show(paragraph(f"- {sentence}", width, "  "))
    months = shown_months(scenario.months)
    heads = [
        in_words("printed.outcome"),
        in_words("printed.unit"),
        *(when(month, scenario.calendar) for month in months),
    ]
    places = [(-1, "")]
    if by_region:
        places += [(r, place(region.name)) for r, region in enumerate(scenario.world.regions)]
    for column, name in places:
        rows = []
        for outcome in headlines().values():
            seen = values[outcome.name][months, column]
            decimals = decimals_for(seen)
            cells = [number(float(value), decimals) for value in seen]
            rows.append([outcome.name, unit_in_words(outcome.unit), *cells])
        show(f"\n{name}" if name else "")
        show(table(rows, heads, left=(0, 1)))
    show()
    command = f"cisim compare no-backbone {scenario.name}{again}"
    alone = "printed.one_of_many" if scenario.name == "no-backbone" else "printed.one"
    show(paragraph(in_words(alone, command=command), width))


def _alone(
    scenario: Scenario,
    seed: int,
    values: Mapping[str, np.ndarray],
    by_region: bool,
    books: np.ndarray,
    each: Mapping[Of, Followed],
) -> Ensemble:
    """Return one run as the ensemble of one that it is."""
    import numpy as np

    from cisim.lab.bill import by_year
    from cisim.lab.ensemble import OVERALL, Ensemble

    first = 0 if by_region else -1
    names = [region.name for region in scenario.world.regions] if by_region else []
    return Ensemble(
        scenario=scenario,
        outcomes=tuple(values),
        months=np.arange(scenario.months + 1),
        regions=(*names, OVERALL),
        first_seed=seed,
        replicates=np.zeros(1, np.int64),
        values=np.stack([value[:, first:] for value in values.values()], axis=-1)[None],
        asked=1,
        books=by_year(books, scenario.calendar)[None, :, first:],
        communities=each.get("community"),
        organisations=each.get("organisation"),
    )
