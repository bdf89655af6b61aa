"""The page: the answer on the first page, then what it rests on, then an appendix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from cisim.lab.compare import check_goals
from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import LEVEL
from cisim.lab.reported import SEAL, sealed
from cisim.lab.rivals import Rivals
from cisim.lab.robust import Robust
from cisim.lab.threshold import Threshold
from cisim.lab.value import Prices
from cisim.model.input_error import InputError
from cisim.show.charts import Chart
from cisim.show.language.forms import localised
from cisim.show.limits import limits
from cisim.show.report import again, assumed, figures, follows, pays
from cisim.show.report import question as what
from cisim.show.report.allowed import allowed
from cisim.show.report.answer import first_page
from cisim.show.report.believed import believed
from cisim.show.report.bill import bill, in_full
from cisim.show.report.case import KEPT, Case
from cisim.show.report.file import MARK
from cisim.show.report.markup import colours, figure, template
from cisim.show.report.rivals import rivals as under_rivals


def report(
    comparison: Comparison,
    *,
    goals: Mapping[str, object] | None = None,
    fte_cost: float = 60_000.0,
    currency: str = "EUR",
    sek: float = 11.0,
    prevented: float | None = None,
    effort_half: Mapping[float, Comparison] | None = None,
    uncertain: Robust | None = None,
    rivals: Rivals | None = None,
    turns: Sequence[Threshold] = (),
    networks: Sequence[tuple[Chart, Chart]] = (),
    question: str | None = None,
    command: str | Sequence[str] | None = None,
    written: str | None = None,
) -> str:
    """Return a comparison as one HTML page.

    goals         : outcome -> value that is aimed at
    fte_cost, currency, sek, prevented : see cisim.lab.value.Prices
    effort_half   : the same comparison at other values of that parameter, see
                    cisim.lab.compare.at_values; without it the page says how to get it
    uncertain     : the same scenarios over everything that may be believed: cisim.robust
    rivals        : the same scenarios under each rival theory: cisim.lab.rivals.rivals
    turns         : where the answer turns, by the number that was varied: cisim.threshold
    networks      : charts of who works with whom, for a page and for a phone: `network_charts`
    question      : what was asked; made from the scenarios if None
    command       : what gives the same page again; worked out if None, where it can be
    written       : a date, in words

    Raises InputError for a goal that can never be, a price that is none, fewer than two scenarios,
    or a comparison that has not kept the outcomes of KEPT in every month.
    """
    if len(comparison.names) < 2:
        raise InputError(
            f"report: the comparison has only {', '.join(comparison.names) or 'nothing'}; allowed "
            f"are two or more scenarios."
        )
    aims = check_goals(goals or {})
    first = next(iter(comparison.ensembles.values()))
    for name in (*KEPT, *aims):
        if name not in first.outcomes:
            raise InputError(
                f"report: the comparison has not kept {name}; keep it in outcomes, or leave "
                f"outcomes out to keep all."
            )
    if not comparison.futures.size:
        raise InputError("report: no future was finished by every scenario; nothing to report.")
    turns = [one for one in turns if one.futures]
    prices = Prices(fte_cost, currency, sek, prevented)
    case = Case(comparison, aims, prices, dict(effort_half or {}))
    page = template().render(
        mark=Markup(MARK + SEAL),
        style=Markup(colours()),
        question=question or what.question(case),
        about=what.about(case, written),
        warnings=what.warnings(case),
        scenarios=what.scenarios(case),
        differing=what.differing(case),
        alike=what.alike(case),
        first=first_page(case, uncertain, turns),
        turning=[*figures.axes(case), *figures.turning(case, turns)],
        fixed=case.beliefs is None,
        bill=bill(case),
        bill_in_full=in_full(case),
        findings=follows.findings(case),
        scale=follows.scale(case),
        figures=figures.figures(case),
        matrices=figures.matrices(case),
        networks=[figure(*both) for both in networks],
        effects=pays.effects(case),
        regions=pays.regions(case),
        pairing=pays.pairing(case),
        costs=pays.costs(case),
        breaking_even=pays.breaking_even(case),
        three_levels=pays.three_levels(case),
        prices=pays.priced(case),
        weakest=assumed.weakest(case),
        halves=assumed.halves(case),
        believed=believed(case, uncertain),
        allowed=allowed(case),
        rivals=under_rivals(case, rivals),
        assumptions=assumed.assumptions(case),
        notes=assumed.notes(case),
        sources=assumed.sources(case),
        limits=limits(),
        again=again.again(case, command),
        data=Markup(again.data(case)),
        level=localised(f"{LEVEL * 100:g} %"),
        horizon=case.horizon,
        after=case.after,
        base=case.short[case.base],
    )
    return sealed(page)
