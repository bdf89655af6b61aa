"""Every number that the model believes in, declared once.

A parameter has two ranges. Its *bounds* say what is meaningful and are enforced. Its *plausible*
range says what may be believed and feeds sliders, sweeps and sensitivity. A constant has no
plausible range: it is documented and can be changed, but it is not swept.

The evidence says what a source supports: that a mechanism exists, its sign, its size. A size is
almost never supported; where nothing is, the evidence is called what it is, judgement. References
to V20, K26, NZ, PR and R21 name the section, or the number of the interview (K26 23/M); what they
cite was not read unless SOURCES says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cisim.model.faults import sentence
from cisim.model.input_error import InputError

Support = Literal["existence", "sign", "size"]

Submodel = Literal[
    "initialisation",
    "people",
    "sponsors",
    "backbones",
    "membership",
    "meetings",
    "trust",
    "agenda",
    "learning",
    "contribution",
    "activity",
    "reporting",
]

SUBMODELS: dict[str, str] = {
    "initialisation": "How the world is built, and its history",
    "people": "Events: representatives, majorities and officials change",
    "sponsors": "Sponsors, money and mandates",
    "backbones": "Backbones and lead organisations",
    "membership": "Commitment, leaving and joining",
    "meetings": "Who meets whom, and who keeps faith",
    "trust": "Promises kept and broken",
    "agenda": "What the work is about",
    "learning": "Know-how and measurement",
    "contribution": "Time that is left and time that is given",
    "activity": "Joint activity, results and wellbeing",
    "reporting": "How results are grouped",
}
"""Every submodel in the order of the month, and what it is about."""


@dataclass(frozen=True)
class Source:
    """A source that evidence refers to.

    reference : the full reference
    stake     : what its authors stand to gain from what it says
    read      : how far it was read for this model
    """

    reference: str
    stake: str
    read: str


SOURCES: dict[str, Source] = {
    "V20": Source(
        "Virtanen, P., Ristikari, T. & Niemelä, M. (2020). Collective Impact Partnership and "
        "Backbone Organizations as Enablers of Children's Well-Being. In: Leal Filho, W. et al. "
        "(eds) Partnerships for the Goals. Encyclopedia of the UN Sustainable Development Goals. "
        "Springer, Cham. doi:10.1007/978-3-319-71067-9_111-1",
        "Two of the three authors led the Finnish foundation that runs the national backbone; the "
        "third wrote one of the 32 studies reviewed.",
        "in full; the studies that it reviews were not",
    ),
    "K26": Source(
        "Kyösti, A. M. & Airaksinen, J. (2026). Integrative leadership roles for collective impact "
        "backbone organizations. International Journal of Public Leadership. "
        "doi:10.1108/IJPL-11-2025-0194",
        "The first author works at the foundation whose national backbone is studied; its four "
        "members are among the 41 interviewed. There is no comparison without collective impact.",
        "in full",
    ),
    "NZ": Source(
        "Collective action, sustainability for communities: Defining and planning the backbone to "
        "support localities/rohe development. Slides, New Zealand, no date; drawn from the "
        "Tamarack Institute and the Collective Impact Forum.",
        "Guidance by those who introduce the approach, from organisations that promote it; no data "
        "of its own.",
        "in full",
    ),
    "PR": Source(
        "Collective Impact Primer: Keeping Kids Healthy through Collective Impact. One page for a "
        "launch event, no date; adapted from Kania, J. & Kramer, M. (2011), Collective Impact, "
        "Stanford Social Innovation Review.",
        "An invitation to take part; no data of its own.",
        "in full",
    ),
    "R21": Source(
        "Accenture (2021). Refined Collective Impact Model: A window of opportunity to collaborate "
        "through cross-sector partnerships to reach greater impact. February 2021.",
        "Written by a partner of the partnerships that it studies, with its own staff and those of "
        "Save the Children among the 15 interviewed; two of three cases are left blank.",
        "in full",
    ),
    "Slovic 1993": Source(
        "Slovic, P. (1993). Perceived risk, trust, and democracy. Risk Analysis 13(6), 675-682. "
        "doi:10.1111/j.1539-6924.1993.tb01329.x",
        "None known. It is about the public's trust in those who manage risks, not about "
        "organisations that work together.",
        "cited, not read",
    ),
    "Gloppen 2012": Source(
        "Gloppen, K. M., Arthur, M. W., Hawkins, J. D. & Shapiro, V. B. (2012). Sustainability of "
        "the Communities That Care prevention system by coalitions participating in the Community "
        "Youth Development Study. Journal of Adolescent Health 51(3), 259-264. "
        "doi:10.1016/j.jadohealth.2011.12.018",
        "Among the authors is a developer of the programme. Twelve coalitions in the United "
        "States, with a control group.",
        "abstract",
    ),
    "Kuklinski 2015": Source(
        "Kuklinski, M. R., Fagan, A. A., Hawkins, J. D., Briney, J. S. & Catalano, R. F. (2015). "
        "Benefit-cost analysis of a randomized evaluation of Communities That Care: monetizing "
        "intervention effects on the initiation of delinquency and substance use through grade 12. "
        "Journal of Experimental Criminology 11(2), 165-192. doi:10.1007/s11292-014-9226-3",
        "Among the authors are the developers of the programme. A randomised trial in the United "
        "States, about substance use and delinquency.",
        "cited, not read",
    ),
    "Casey": Source(
        "Casey Family Programs (2017, updated since). How does turnover affect outcomes and what "
        "can be done to address retention? Information packet. casey.org",
        "A foundation that works for child welfare. It collects estimates from the United States.",
        "web page",
    ),
    "NNSI": Source(
        "Northwestern Network for Nonprofit and Social Impact: study of 26 education networks over "
        "three years.",
        "None known. Education networks in the United States.",
        "cited, not read",
    ),
    "Tudor Hart 1971": Source(
        "Tudor Hart, J. (1971). The inverse care law. The Lancet 297(7696), 405-412. "
        "doi:10.1016/S0140-6736(71)92410-X",
        "A general practitioner's argument about health care in Britain.",
        "cited, not read",
    ),
    "judgement": Source(
        "Judgement of those who wrote the model.",
        "Those who wrote the model want it to behave sensibly.",
        "nothing to read",
    ),
}
"""Every source that evidence may refer to."""


@dataclass(frozen=True)
class Evidence:
    """What is known about a number.

    source   : a key of SOURCES
    words    : what the source says, in our words, and what it leaves open
    supports : that the mechanism exists, its sign, its size; nothing for judgement
    """

    source: str
    words: str
    supports: tuple[Support, ...] = ()

    def __post_init__(self) -> None:
        if self.source not in SOURCES:
            raise ValueError(f"{self.source} is not in SOURCES")
        if (self.source == "judgement") == bool(self.supports):
            raise ValueError("judgement supports nothing, a source supports something")


@dataclass(frozen=True)
class Declaration:
    """What is declared about one number.

    bounds    : what is meaningful, enforced, both ends included
    plausible : what may be believed, None for a constant
    whole     : only whole numbers are allowed
    """

    name: str
    default: float
    unit: str
    bounds: tuple[float, float]
    plausible: tuple[float, float] | None
    evidence: Evidence
    meaning: str
    submodel: str
    constant: bool = False
    whole: bool = field(default=False, kw_only=True)

    @property
    def log_scale(self) -> bool:
        """Return whether the plausible range spans a factor of four or more, so that logs fit."""
        if self.plausible is None:
            return False
        low, high = self.plausible
        return low > 0 and high >= 4 * low * (1 - 1e-9)


def quantity(
    default: float,
    *,
    unit: str,
    bounds: tuple[float, float],
    plausible: tuple[float, float] | None = None,
    evidence: Evidence,
    meaning: str,
    submodel: Submodel,
    constant: bool = False,
    whole: bool = False,
) -> Any:
    """Return the pydantic field of one number: a float that is checked, with its declaration."""
    low, high = plausible or (default, default)
    if not bounds[0] <= low <= default <= high <= bounds[1]:
        raise ValueError(f"{meaning} {default} outside {plausible}, or that outside {bounds}")
    return Field(
        default=float(default),
        ge=float(bounds[0]),
        le=float(bounds[1]),
        multiple_of=1.0 if whole else None,
        strict=True,
        allow_inf_nan=False,
        description=meaning,
        json_schema_extra={
            "unit": unit,
            "bounds": [float(limit) for limit in bounds],
            "plausible": None if plausible is None else [float(limit) for limit in plausible],
            "source": evidence.source,
            "evidence": evidence.words,
            "supports": list(evidence.supports),
            "submodel": submodel,
            "constant": constant,
            "whole": whole,
        },
    )


def declarations(model_class: type[BaseModel]) -> dict[str, Declaration]:
    """Return what is declared about every field that was made with `quantity`, in file order."""
    declared = {}
    for name, info in model_class.model_fields.items():
        extra: Any = info.json_schema_extra
        if not isinstance(extra, dict) or "plausible" not in extra:
            continue
        plausible = extra["plausible"]
        declared[name] = Declaration(
            name=name,
            default=info.default,
            unit=extra["unit"],
            bounds=(extra["bounds"][0], extra["bounds"][1]),
            plausible=None if plausible is None else (plausible[0], plausible[1]),
            evidence=Evidence(extra["source"], extra["evidence"], tuple(extra["supports"])),
            meaning=info.description or "",
            submodel=extra["submodel"],
            constant=extra["constant"],
            whole=extra["whole"],
        )
    return declared


def _judged(words: str) -> Evidence:
    return Evidence("judgement", words)


class Parameters(BaseModel):
    """The parameters and documented constants of the model, by submodel in the month's order.

    Time constants are at least one month, so that a monthly step never overshoots; those that a
    close link can double (mandate_time, sponsor_time) are at least two. Numbers that are divided
    by are above zero. 0 is allowed wherever it switches a mechanism off.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True
    )

    # How the world is built, and its history (initialisation) ----------------------------------

    history_months: float = quantity(
        60,
        unit="months",
        bounds=(12, 600),
        whole=True,
        constant=True,
        evidence=_judged("Long enough for everyday ties to settle before month 0."),
        meaning="How long everyday collaboration has gone on before a partnership may start.",
        submodel="initialisation",
    )
    init_member_share: float = quantity(
        0.12,
        unit="share",
        bounds=(0, 1),
        plausible=(0.06, 0.25),
        evidence=Evidence(
            "V20",
            "Several initiatives grew out of existing networks and a small group of founders "
            "(Getting to Zero San Francisco), then added partners. No share is given: the size is "
            "judgement.",
            ("existence",),
        ),
        meaning="The share of eligible local organisations that found the partnership.",
        submodel="initialisation",
    )
    body_founder_factor: float = quantity(
        2.5,
        unit="–",
        bounds=(0, 20),
        constant=True,
        evidence=Evidence(
            "K26",
            "Regional organisations provide the development workers who initiate the model in the "
            "region (Local support). How much likelier than others they are to start is judgement.",
            ("existence",),
        ),
        meaning="How many times likelier regional bodies are to be founders than local "
        "organisations.",
        submodel="initialisation",
    )
    founder_commitment: float = quantity(
        0.5,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=_judged("Founders are neither lukewarm nor certain at the start."),
        meaning="How committed founders are in the first month.",
        submodel="initialisation",
    )
    trust_prior: float = quantity(
        0.45,
        unit="–",
        bounds=(0, 1),
        plausible=(0.3, 0.6),
        evidence=Evidence(
            "V20",
            "Communities with personal relationships or a history of collaboration have more "
            "success (Bunger 2010, in Conclusions). No level of trust is given: the level is "
            "judgement.",
            ("existence", "sign"),
        ),
        meaning="How far organisations that know of each other expect promises to be kept before "
        "they have worked together.",
        submodel="initialisation",
    )
    trust_noise: float = quantity(
        0.12,
        unit="–",
        bounds=(0, 0.5),
        constant=True,
        evidence=_judged("Pairs differ in what they expect of each other."),
        meaning="How much first trust differs from pair to pair.",
        submodel="initialisation",
    )
    trust_noise_pair: float = quantity(
        0.8,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=_judged("V20 wants trust to be reciprocal; that most of it is, is assumed."),
        meaning="How much of the difference in first trust both partners of a pair share.",
        submodel="initialisation",
    )
    trust_noise_own: float = quantity(
        0.6,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=_judged(
            "With the shared part this keeps the whole at trust_noise (.8² + .6² = 1)."
        ),
        meaning="How much of the difference in first trust is one partner's own.",
        submodel="initialisation",
    )
    trust_floor: float = quantity(
        0.05,
        unit="–",
        bounds=(0, 0.5),
        constant=True,
        evidence=_judged("Nobody is distrusted wholly before any experience."),
        meaning="The lowest trust that a pair can start with.",
        submodel="initialisation",
    )
    trust_ceiling: float = quantity(
        0.95,
        unit="–",
        bounds=(0.5, 1),
        constant=True,
        evidence=_judged("Nobody is trusted wholly before any experience."),
        meaning="The highest trust that a pair can start with.",
        submodel="initialisation",
    )
    agenda_spread: float = quantity(
        0.25,
        unit="agenda units",
        bounds=(0.01, 2),
        plausible=(0.15, 0.35),
        evidence=Evidence(
            "R21",
            "Aligning a common agenda with the KPIs of all partners is a barrier (Common agenda). "
            "That own aims differ is supported, by how much is judgement.",
            ("existence",),
        ),
        meaning="How far apart the aims of organisations, sponsors and communities lie.",
        submodel="initialisation",
    )
    remit_sector: float = quantity(
        0.8,
        unit="–",
        bounds=(0, 2),
        constant=True,
        evidence=Evidence(
            "K26",
            "Services for families are spread over sectors with responsibilities of their own "
            "(Introduction). The weight is judgement.",
            ("existence",),
        ),
        meaning="How much of an organisation's own remit is that of its sector.",
        submodel="initialisation",
    )
    remit_own: float = quantity(
        0.6,
        unit="–",
        bounds=(0, 2),
        constant=True,
        evidence=_judged("Organisations of one sector differ too."),
        meaning="How much of an organisation's own remit is its own alone.",
        submodel="initialisation",
    )
    need_regional: float = quantity(
        0.7,
        unit="–",
        bounds=(0, 2),
        constant=True,
        evidence=_judged("Communities of one region share a part of what they need."),
        meaning="How much of what a community needs is shared by its region.",
        submodel="initialisation",
    )
    need_own: float = quantity(
        0.5,
        unit="–",
        bounds=(0, 2),
        constant=True,
        evidence=Evidence(
            "R21",
            "'There is this need to be hyper local' (Common agenda). The weight is judgement.",
            ("existence",),
        ),
        meaning="How much of what a community needs is its own alone.",
        submodel="initialisation",
    )
    staff_time: float = quantity(
        0.15,
        unit="FTE/local organisation",
        bounds=(0.005, 5),
        plausible=(0.08, 0.25),
        evidence=_judged(
            "Half a day to a day a week for all work across organisations; fits to the published "
            "bands favour .14."
        ),
        meaning="The working time that a local organisation of usual size has for work across "
        "organisations.",
        submodel="initialisation",
    )
    body_time: float = quantity(
        4,
        unit="–",
        bounds=(0.1, 50),
        constant=True,
        evidence=_judged("A regional body serves many communities."),
        meaning="How many times the time of a usual local organisation a regional body has.",
        submodel="initialisation",
    )
    reference_children: float = quantity(
        2000,
        unit="children",
        bounds=(10, 1_000_000),
        constant=True,
        evidence=_judged("Near the mean of the five Finnish regions; it fixes the scale only."),
        meaning="The number of children in a community of usual size.",
        submodel="initialisation",
    )
    knowhow_start: float = quantity(
        0.1,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=_judged("Ordinary services know a little about joint work."),
        meaning="What organisations know about joint work at first, and what know-how fades to.",
        submodel="initialisation",
    )
    measurement_start: float = quantity(
        0.05,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=_judged("Almost nothing is measured together before a partnership."),
        meaning="How much organisations measure together at the start.",
        submodel="initialisation",
    )
    wellbeing_base: float = quantity(
        70,
        unit="points of 100",
        bounds=(20, 80),
        constant=True,
        evidence=_judged("Wellbeing is an index: only changes mean anything."),
        meaning="Wellbeing of children at the start in a community without deprivation.",
        submodel="initialisation",
    )
    wellbeing_deprivation: float = quantity(
        15,
        unit="points of 100",
        bounds=(0, 20),
        constant=True,
        evidence=Evidence(
            "V20",
            "Where children live matters for their wellbeing (neighbourhood effects, "
            "Introduction). The number of points is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much lower wellbeing starts in a wholly deprived community.",
        submodel="initialisation",
    )
    headroom_base: float = quantity(
        85,
        unit="points of 100",
        bounds=(80, 100),
        constant=True,
        evidence=_judged("Used only where a structure lets headroom differ; it is off by default."),
        meaning="The wellbeing above which there is nothing left to gain, where headroom counts.",
        submodel="initialisation",
    )
    headroom_span: float = quantity(
        21,
        unit="points of 100",
        bounds=(1, 100),
        constant=True,
        evidence=_judged("Headroom at mean deprivation (.4), so that the average stays one."),
        meaning="The headroom of a community of mean deprivation.",
        submodel="initialisation",
    )

    # Events: representatives, majorities and officials change (people) -------------------------

    turnover: float = quantity(
        0.012,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.005, 0.042),
        evidence=Evidence(
            "Casey",
            "Estimates of staff turnover in child welfare in the United States are 20-40 % a year, "
            "below 10-12 % counts as healthy: this supports the upper part of the range (6-40 % a "
            "year). The default, 13 % a year for all sectors, is judgement.",
            ("existence", "size"),
        ),
        meaning="The chance that an organisation's representative changes in a month.",
        submodel="people",
    )
    inst_base: float = quantity(
        0.3,
        unit="share",
        bounds=(0, 1),
        plausible=(0, 0.7),
        evidence=Evidence(
            "V20",
            "Personal relationships among partners drive coordination (Bunger 2010, in "
            "Conclusions), so some of it must go when a person goes. How much outlasts the person "
            "is judgement.",
            ("existence",),
        ),
        meaning="How much of the experience with a partner lasts when the person changes and "
        "nothing is measured together.",
        submodel="people",
    )
    turnover_memory: float = quantity(
        0.5,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=_judged("Half of the know-how sits in the organisation, half in the person."),
        meaning="How much know-how is left when an organisation's representative changes.",
        submodel="people",
    )
    election_first: float = quantity(
        24,
        unit="months",
        bounds=(0, 1200),
        whole=True,
        constant=True,
        evidence=_judged("A partnership starts in the middle of a term."),
        meaning="The month of the first election.",
        submodel="people",
    )
    election_interval: float = quantity(
        48,
        unit="months",
        bounds=(1, 1200),
        whole=True,
        constant=True,
        evidence=_judged("Four years, as in Finland; none of the sources speaks of it."),
        meaning="The months from one election to the next.",
        submodel="people",
    )
    election_change: float = quantity(
        0.5,
        unit="probability",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "NNSI",
            "8 of 26 networks lost significant funding in three years. That fits elections and "
            "officials' departures together; how it divides between them is judgement.",
            ("existence",),
        ),
        meaning="The chance that an election changes a region's majority.",
        submodel="people",
    )
    official_tenure: float = quantity(
        72,
        unit="months",
        bounds=(1, 1200),
        constant=True,
        evidence=Evidence(
            "NNSI",
            "8 of 26 networks lost significant funding in three years. That fits elections and "
            "officials' departures together; how it divides between them is judgement.",
            ("existence",),
        ),
        meaning="How long a leading official stays on average.",
        submodel="people",
    )

    # Sponsors, money and mandates (sponsors) ---------------------------------------------------

    sponsor_base: float = quantity(
        0.15,
        unit="–",
        bounds=(0, 0.95),
        plausible=(0.05, 0.3),
        evidence=Evidence(
            "K26",
            "Sector directors and political leaders legitimise the work and enable resourcing "
            "though only loosely or unofficially connected (Missing function of sponsors). How "
            "engaged they are before they see anything is judgement.",
            ("existence",),
        ),
        meaning="The goodwill of a sponsor who has seen no results yet.",
        submodel="sponsors",
    )
    sponsor_response: float = quantity(
        0.8,
        unit="–",
        bounds=(0, 1),
        plausible=(0.4, 1),
        evidence=_judged("Sponsors back what they see working; how strongly is not in a source."),
        meaning="How far sponsors and executives come to support a partnership whose results they "
        "see.",
        submodel="sponsors",
    )
    sponsor_time: float = quantity(
        18,
        unit="months",
        bounds=(2, 240),
        plausible=(9, 36),
        evidence=_judged("About a budget cycle and a half."),
        meaning="How long a sponsor takes to change its mind.",
        submodel="sponsors",
    )
    sponsor_budget: float = quantity(
        1.5,
        unit="FTE/sponsor",
        bounds=(0, 50),
        plausible=(0.5, 3),
        evidence=Evidence(
            "K26",
            "Regions after the first four finance their work from their own budgets "
            "(Introduction); a region usually has one to two development workers (Research data). "
            "How much a fully engaged sponsor would pay is judgement.",
            ("existence",),
        ),
        meaning="The staff that a fully engaged sponsor pays for.",
        submodel="sponsors",
    )
    core_post: float = quantity(
        0.3,
        unit="FTE",
        bounds=(0, 10),
        plausible=(0, 0.5),
        evidence=Evidence(
            "Gloppen 2012",
            "Twenty months after study support ended two thirds of the coalitions had a paid staff "
            "person: the post survives more often than not. Its size here is judgement.",
            ("existence",),
        ),
        meaning="The part of a regional coordinator's post that sponsors pay before anything else.",
        submodel="sponsors",
    )
    advocacy_effect: float = quantity(
        0.3,
        unit="–",
        bounds=(0, 1),
        plausible=(0, 0.6),
        evidence=Evidence(
            "NZ",
            "Building public will, advancing policy and mobilising funding are three of a "
            "backbone's six responsibilities (so too V20). Whether they work, and how much, is "
            "judgement; 0 is none.",
            ("existence",),
        ),
        meaning="How much more sponsors see because backbones speak to them and to the public.",
        submodel="sponsors",
    )
    mandate_min: float = quantity(
        0.2,
        unit="–",
        bounds=(0, 1),
        plausible=(0.1, 0.35),
        evidence=Evidence(
            "R21",
            "Individuals with a limited mandate struggle with work across organisations (Mutually "
            "reinforcing activities). How limited is judgement.",
            ("existence", "sign"),
        ),
        meaning="What a representative may promise when no sponsor stands behind the work.",
        submodel="sponsors",
    )
    mandate_start: float = quantity(
        0.45,
        unit="–",
        bounds=(0, 1),
        plausible=(0.35, 0.6),
        evidence=Evidence(
            "R21",
            "The initiation phase needs resources and the right individuals early on (Essential "
            "activities), so a beginning has some licence. Its level is judgement.",
            ("existence",),
        ),
        meaning="What representatives may promise at the start.",
        submodel="sponsors",
    )
    mandate_time: float = quantity(
        24,
        unit="months",
        bounds=(2, 240),
        plausible=(12, 36),
        evidence=_judged("Licences lapse and grow slowly; no source says how slowly."),
        meaning="How long what a representative may promise takes to follow the sponsors.",
        submodel="sponsors",
    )
    loose_gain: float = quantity(
        2,
        unit="–",
        bounds=(1, 2),
        constant=True,
        evidence=Evidence(
            "K26",
            "Loosely connected sponsors are what was observed; closer integration would realise "
            "the full benefit (Missing function of sponsors). The default numbers describe the "
            "loose link (.5), so the close one is twice that: the factor is judgement.",
            ("existence", "sign"),
        ),
        meaning="How many times faster than with the loose link observed in Finland sponsors warm "
        "to the work when they are fully integrated.",
        submodel="sponsors",
    )
    jurisdiction_health: float = quantity(
        0.8,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "Since 2023 counties organise health and social services (Introduction) and sector "
            "directors legitimise work there. The strength is judgement.",
            ("existence",),
        ),
        meaning="How far the official for health and social services can give a mandate to those "
        "regional bodies.",
        submodel="sponsors",
    )
    jurisdiction_education: float = quantity(
        0.7,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "Municipalities manage education and youth services (Introduction). The strength is "
            "judgement.",
            ("existence",),
        ),
        meaning="How far the official for education and youth can give a mandate to those "
        "services.",
        submodel="sponsors",
    )
    jurisdiction_political: float = quantity(
        0.4,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "Political authorities significantly influence the work, most of all by resources "
            "(Conclusions). The strength is judgement.",
            ("existence",),
        ),
        meaning="How far political leaders can give a mandate to all public services.",
        submodel="sponsors",
    )
    jurisdiction_municipal: float = quantity(
        0.5,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "Leaders in municipalities have a part in the work beside those of the county "
            "(Research data). The strength is judgement.",
            ("existence",),
        ),
        meaning="How far municipal leaders can give a mandate to local public services.",
        submodel="sponsors",
    )

    # Backbones and lead organisations (backbones) ----------------------------------------------

    need_member: float = quantity(
        0.008,
        unit="FTE/member/role",
        bounds=(0.0001, 1),
        plausible=(0.004, 0.016),
        evidence=_judged(
            "One full-time worker then covers about half of four roles for 45 members; no source "
            "says what a member needs."
        ),
        meaning="The backbone staff that one member needs for one role.",
        submodel="backbones",
    )
    national_reach_cost: float = quantity(
        4,
        unit="–",
        bounds=(1, 50),
        constant=True,
        evidence=_judged("Distance costs; regional workers exist because of it."),
        meaning="How many times more staff it takes to reach a member from the national level.",
        submodel="backbones",
    )
    need_region: float = quantity(
        0.15,
        unit="FTE/region/role",
        bounds=(0.001, 10),
        plausible=(0.05, 0.3),
        evidence=Evidence(
            "K26",
            "Four national staff serve five regions in five roles (Research data), .16 FTE a "
            "region and role. Whether that is enough is not said: the size is judgement.",
            ("existence",),
        ),
        meaning="The national staff that one region needs for one role.",
        submodel="backbones",
    )
    hiring_time: float = quantity(
        6,
        unit="months",
        bounds=(1, 120),
        constant=True,
        evidence=_judged("Posts are filled slowly; they end at once when the money ends."),
        meaning="How long it takes to fill a regional backbone's posts.",
        submodel="backbones",
    )
    lead_share: float = quantity(
        0.4,
        unit="share of own time",
        bounds=(0, 1),
        plausible=(0, 0.8),
        evidence=Evidence(
            "V20",
            "In some initiatives a member or a committee of members takes the backbone's role "
            "(structures of backbone organisations); R21 too lets partners share it. The share of "
            "time is judgement; 0 means that nobody leads.",
            ("existence",),
        ),
        meaning="How much of its time a lead organisation would give to coordination.",
        submodel="backbones",
    )
    solo_quality: float = quantity(
        0.7,
        unit="–",
        bounds=(0, 1),
        plausible=(0.4, 1),
        evidence=Evidence(
            "K26",
            "'It does not function if either side is missing' (23/M), one interviewee; most "
            "backbones reviewed in V20 have one level and work. The size is an assumption that is "
            "always shown; 1 means no complementarity by rule.",
            ("existence", "sign"),
        ),
        meaning="How good one level of backbone is without the other.",
        submodel="backbones",
    )
    solo_learning: float = quantity(
        0.4,
        unit="share",
        bounds=(0, 1),
        plausible=(0.15, 0.7),
        evidence=Evidence(
            "V20",
            "Most backbones have one level and still guide, measure and learn (structures of "
            "backbone organisations). The share is judgement.",
            ("existence",),
        ),
        meaning="How much of the national roles a regional backbone can fill by itself.",
        submodel="backbones",
    )
    know_rate: float = quantity(
        0.06,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.03, 0.12),
        evidence=Evidence(
            "K26",
            "The national backbone trains and brings research, regional workers bring it into "
            "local work (Knowledge broker, Information broker). How fast is judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast know-how grows where backbones bring all they can.",
        submodel="backbones",
    )

    # Commitment, leaving and joining (membership) ----------------------------------------------

    commit_base: float = quantity(
        0.2,
        unit="logit",
        bounds=(-10, 10),
        plausible=(-0.4, 0.8),
        evidence=_judged("A little more willing than not, where nothing speaks for or against."),
        meaning="How willing an organisation is to commit when nothing speaks for or against it.",
        submodel="membership",
    )
    w_trust: float = quantity(
        4,
        unit="logit",
        bounds=(0, 20),
        plausible=(2, 6),
        evidence=Evidence(
            "V20",
            "Informal relationships were the only significant predictor of collaboration (Gillam "
            "2016), personal relationships drive coordination (Bunger 2010). The size is "
            "judgement.",
            ("existence", "sign"),
        ),
        meaning="How strongly trust in partners moves commitment.",
        submodel="membership",
    )
    w_efficacy: float = quantity(
        3,
        unit="logit",
        bounds=(0, 20),
        plausible=(1, 5),
        evidence=Evidence(
            "K26",
            "Participants should engage only when there is clear benefit (Huxham and Vangen 2005, "
            "in Integrative leadership functions). The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How strongly visible benefit moves commitment.",
        submodel="membership",
    )
    w_load: float = quantity(
        2,
        unit="logit/share of time",
        bounds=(0, 20),
        plausible=(0.5, 4),
        evidence=Evidence(
            "K26",
            "Collaboration may be 'highly resource consuming and stressful' (Huxham and Vangen "
            "2005, in Integrative leadership functions). The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How strongly the time that it takes lowers commitment.",
        submodel="membership",
    )
    own_weight: float = quantity(
        0.5,
        unit="share",
        bounds=(0, 1),
        plausible=(0, 1),
        evidence=Evidence(
            "K26",
            "The 'clear benefit' is the participant's own; R21 adds that partners are held by "
            "their own KPIs. How much it counts beside the common good is judgement.",
            ("existence",),
        ),
        meaning="How much results count only as far as they lie within the own remit.",
        submodel="membership",
    )
    impatience: float = quantity(
        0.3,
        unit="result level",
        bounds=(0, 1),
        plausible=(0.1, 0.5),
        evidence=Evidence(
            "K26",
            "Regions typically have a short-term horizon, which the national backbone lengthens "
            "(Futures thinker). The level is judgement.",
            ("existence", "sign"),
        ),
        meaning="The results that organisations expect to see soon, or else lose heart.",
        submodel="membership",
    )
    commitment_time: float = quantity(
        6,
        unit="months",
        bounds=(1, 120),
        constant=True,
        evidence=_judged("Commitment changes with some inertia."),
        meaning="How long an organisation's commitment takes to follow its reasons.",
        submodel="membership",
    )
    leave_rate: float = quantity(
        0.05,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.02, 0.1),
        evidence=Evidence(
            "V20",
            "Partnership can be long-lasting yet voluntary (McPherson 2017); R21 recommends an "
            "exit clause. The rate is judgement.",
            ("existence",),
        ),
        meaning="The chance a month that a member without any commitment leaves.",
        submodel="membership",
    )
    recruit_rate: float = quantity(
        0.08,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.03, 0.15),
        evidence=Evidence(
            "K26",
            "Development workers attract new actors and sectors, especially early "
            "(Cross-sectoral player; 13/M). The rate is judgement.",
            ("existence", "sign"),
        ),
        meaning="The chance a month that a full regional backbone wins over a willing "
        "organisation.",
        submodel="membership",
    )
    contagion_rate: float = quantity(
        0.06,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.02, 0.12),
        evidence=Evidence(
            "K26",
            "'More often, I get contacted with requests to hear more' (13/M): later some come by "
            "themselves. The rate is judgement.",
            ("existence", "sign"),
        ),
        meaning="The chance a month that a willing organisation joins by itself, drawn by trusted "
        "members and visible results.",
        submodel="membership",
    )

    # Who meets whom, and who keeps faith (meetings) --------------------------------------------

    meetings_max: float = quantity(
        1.5,
        unit="meetings/month",
        bounds=(0, 20),
        plausible=(0.75, 2.5),
        evidence=Evidence(
            "R21",
            "Working sessions with close weekly contact are named as an opportunity (Mutually "
            "reinforcing activities): an upper bound when received and everyday meetings are "
            "added. The size is judgement.",
            ("existence",),
        ),
        meaning="The meetings that a wholly committed member calls in a month.",
        submodel="meetings",
    )
    everyday_meetings: float = quantity(
        0.4,
        unit="meetings/month",
        bounds=(0, 20),
        plausible=(0.1, 0.8),
        evidence=_judged(
            "Each organisation then has about .8 everyday meetings a month, as many called as "
            "received."
        ),
        meaning="The meetings that any organisation calls in a month apart from the partnership.",
        submodel="meetings",
    )
    explore: float = quantity(
        0.1,
        unit="weight",
        bounds=(0.001, 10),
        plausible=(0.03, 0.3),
        evidence=Evidence(
            "V20",
            "Initiatives rely more on 'the usual suspects' than on 'out-of-the-box partisans' "
            "(The role of CI-initiatives), so little weight goes to the unfamiliar. How little is "
            "judgement.",
            ("existence", "sign"),
        ),
        meaning="How readily organisations meet partners that they do not know well.",
        submodel="meetings",
    )
    agree_scale: float = quantity(
        0.5,
        unit="agenda units",
        bounds=(0.05, 10),
        plausible=(0.3, 0.7),
        evidence=_judged("Fits to the published bands favour .45-.6; no source measures it."),
        meaning="How far apart two aims may lie for people still to agree.",
        submodel="meetings",
    )
    follow_min: float = quantity(
        0.4,
        unit="–",
        bounds=(0, 1),
        plausible=(0.25, 0.55),
        evidence=_judged("Even without time or mandate some promises are kept."),
        meaning="The share of promises that is kept even with no commitment, mandate or time.",
        submodel="meetings",
    )
    everyday_reliability: float = quantity(
        0.75,
        unit="–",
        bounds=(0, 1),
        plausible=(0.6, 0.9),
        evidence=_judged("Promises within the own remit need no mandate from elsewhere."),
        meaning="The share of everyday promises that is kept by an organisation with time.",
        submodel="meetings",
    )

    # Promises kept and broken (trust) ----------------------------------------------------------

    prior_weight: float = quantity(
        4.5,
        unit="kept promises",
        bounds=(0.1, 100),
        plausible=(3, 10),
        evidence=_judged("Fits to the published bands favour 3.5-5.5; no source measures it."),
        meaning="How many experiences weigh as much as the first impression.",
        submodel="trust",
    )
    broken_weight: float = quantity(
        2,
        unit="kept promises",
        bounds=(0, 20),
        plausible=(1.2, 4),
        evidence=Evidence(
            "Slovic 1993",
            "Trust is lost faster than it is gained. That broken promises count more follows; how "
            "much more is judgement.",
            ("existence", "sign"),
        ),
        meaning="How many kept promises one broken promise outweighs.",
        submodel="trust",
    )
    conflict_cost: float = quantity(
        0.3,
        unit="kept promises",
        bounds=(0, 20),
        plausible=(0, 1),
        evidence=Evidence(
            "K26",
            "Reconciling points of view and resolving emerging conflicts belongs to integrative "
            "leadership (Table 3, Champions), so conflicts arise and matter. What one costs is "
            "judgement; 0 makes disagreement harmless.",
            ("existence",),
        ),
        meaning="How much trust a conflict that nobody mediates costs both sides.",
        submodel="trust",
    )
    facil_effect: float = quantity(
        0.5,
        unit="share",
        bounds=(0, 1),
        plausible=(0.2, 0.8),
        evidence=Evidence(
            "K26",
            "External facilitation of the dialogue 'is absolutely essential' (31/WSC). The size is "
            "judgement.",
            ("existence", "sign"),
        ),
        meaning="The share of disagreements and lapses that full facilitation prevents.",
        submodel="trust",
    )
    trust_memory: float = quantity(
        72,
        unit="months",
        bounds=(1, 600),
        plausible=(36, 144),
        evidence=Evidence(
            "R21",
            "Participants need several years of regular interactions to build up enough experience "
            "with each other (Communication). That experience lasts for years is supported, for "
            "how many is judgement.",
            ("existence",),
        ),
        meaning="How long an experience with a partner is remembered.",
        submodel="trust",
    )

    # What the work is about (agenda) -----------------------------------------------------------

    agenda_rate: float = quantity(
        0.03,
        unit="share/meeting",
        bounds=(0, 1),
        plausible=(0.01, 0.06),
        evidence=Evidence(
            "R21",
            "Time spent on aligning agendas, also between the meetings, is an opportunity "
            "(Mutually reinforcing activities); a shared vision is the first condition in PR. The "
            "size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How far a good meeting moves two partners' aims towards each other.",
        submodel="agenda",
    )
    kpi_pull: float = quantity(
        0.02,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.005, 0.04),
        evidence=Evidence(
            "R21",
            "Partners are restricted by their own KPIs in what they prioritise (Mutually "
            "reinforcing activities). The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast an organisation's aims drift back to its own remit.",
        submodel="agenda",
    )
    funder_pull: float = quantity(
        0.06,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.02, 0.12),
        evidence=Evidence(
            "R21",
            "'It's always the ones with money who have the power to formulate the agenda' (Common "
            "agenda). The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast those who pay pull the members' aims to their own.",
        submodel="agenda",
    )
    need_pull: float = quantity(
        0.05,
        unit="1/month",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "Beneficiaries should guide the analysis of needs (Common agenda). The size is "
            "judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast aims move to what communities need where their people are fully engaged.",
        submodel="agenda",
    )
    need_drift: float = quantity(
        0.01,
        unit="agenda units/√month",
        bounds=(0, 0.5),
        plausible=(0, 0.03),
        evidence=Evidence(
            "R21",
            "The solution varies over time and activities must follow needs as they evolve "
            "(Conditions). How fast is judgement.",
            ("existence",),
        ),
        meaning="How fast what communities need changes by itself.",
        submodel="agenda",
    )

    # Know-how and measurement (learning) -------------------------------------------------------

    measure_rate: float = quantity(
        0.25,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.1, 0.5),
        evidence=Evidence(
            "K26",
            "The national backbone evaluates goals and progress, regional workers keep the "
            "overview (Evaluator, Local knowledge gatherer). How fast measuring spreads is "
            "judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast a wholly committed member takes up shared measurement with full support.",
        submodel="learning",
    )
    meeting_learning: float = quantity(
        0.05,
        unit="share/meeting",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "PR",
            "Measuring together lets participants learn from each other's successes and failures "
            "(Shared measurement system). The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much of a partner's lead in know-how and measurement a good meeting passes "
        "on.",
        submodel="learning",
    )
    bridge_learning: float = quantity(
        0.05,
        unit="1/month",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "The bridge builder connects regions so that they share experience; it 'has given us "
            "tips for the future' (10/WSC). The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast the best region's practice reaches the others where bridges are full.",
        submodel="learning",
    )
    routine_decay: float = quantity(
        0.01,
        unit="1/month",
        bounds=(0, 1),
        plausible=(0.005, 0.02),
        evidence=Evidence(
            "K26",
            "Left to leaders alone amid other change the model 'wouldn't take root' (24/WSC). How "
            "fast routines fade is judgement.",
            ("existence", "sign"),
        ),
        meaning="How fast know-how and measurement fade when nobody keeps them up.",
        submodel="learning",
    )

    # Time that is left and time that is given (contribution) -----------------------------------

    meeting_cost: float = quantity(
        0.01,
        unit="FTE-month/meeting/party",
        bounds=(0, 0.5),
        plausible=(0.006, 0.016),
        evidence=_judged(
            "An hour and a half of the 150 hours in a month; fits to the published bands favour "
            ".009."
        ),
        meaning="The working time that a meeting costs each side.",
        submodel="contribution",
    )
    engagement_time: float = quantity(
        0.15,
        unit="share of own time",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "R21",
            "Limited funds to spend time on beneficiaries are a barrier (Beneficiary engagement), "
            "so it costs time. The share is judgement.",
            ("existence", "sign"),
        ),
        meaning="The share of its time that a member spends on full engagement of beneficiaries.",
        submodel="contribution",
    )
    load_time: float = quantity(
        3,
        unit="months",
        bounds=(1, 120),
        constant=True,
        evidence=_judged("People feel the load of the last few months."),
        meaning="How many months of work make up the load that people feel.",
        submodel="contribution",
    )
    everyday_share: float = quantity(
        0.2,
        unit="share of time left",
        bounds=(0, 1),
        plausible=(0.05, 0.4),
        evidence=_judged("Organisations work with their usual partners without any partnership."),
        meaning="The share of the time left that goes to work with usual partners.",
        submodel="contribution",
    )

    # Joint activity, results and wellbeing (activity) ------------------------------------------

    idle_productivity: float = quantity(
        0.5,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=_judged("Those without know-how achieve half as much in an hour."),
        meaning="What an hour of joint work achieves without any know-how, against one with all.",
        submodel="activity",
    )
    ces_rho: float = quantity(
        0.7,
        unit="–",
        bounds=(0.1, 1),
        plausible=(0.4, 0.95),
        evidence=Evidence(
            "R21",
            "That different sectors with complementary capabilities matter is a hypothesis of the "
            "study (hypothesis 2), and interviewees call a diverse team essential (Common agenda). "
            "The size is judgement: at .7 one sector alone keeps about half.",
            ("existence", "sign"),
        ),
        meaning="How well one sector can stand in for another; 1 means wholly.",
        submodel="activity",
    )
    sector_weight: float = quantity(
        0.18,
        unit="share",
        bounds=(0.01, 1),
        constant=True,
        evidence=_judged("Five sectors count alike; with the private sector they make up one."),
        meaning="How much each sector but the private one counts in joint work.",
        submodel="activity",
    )
    private_weight: float = quantity(
        0.1,
        unit="share",
        bounds=(0.01, 1),
        constant=True,
        evidence=_judged("Private organisations add less to services for children."),
        meaning="How much the private sector counts in joint work.",
        submodel="activity",
    )
    effort_half: float = quantity(
        0.5,
        unit="FTE/1000 children",
        bounds=(0.01, 50),
        plausible=(0.15, 3),
        evidence=Evidence(
            "Kuklinski 2015",
            "Communities That Care cost USD 556 a youth over five years, about 1.5 FTE per 1000 at "
            "EUR 60,000, for some .1-.15 standard deviations (own conversion). Parity lies near 3: "
            "the default is some six times more generous, so 1 and 3 must be shown beside it.",
            ("size",),
        ),
        meaning="The joint work that gives half of what joint work could ever give.",
        submodel="activity",
    )
    spillover: float = quantity(
        0.1,
        unit="share",
        bounds=(0, 1),
        plausible=(0, 0.3),
        evidence=_judged("Regional bodies serve communities without members a little too."),
        meaning="How much of the regional bodies' joint work reaches a community without members, "
        "against one with members.",
        submodel="activity",
    )
    reach_gap: float = quantity(
        0.4,
        unit="share at d = 1",
        bounds=(0, 1),
        plausible=(0, 0.8),
        evidence=Evidence(
            "Tudor Hart 1971",
            "Care is least where it is needed most; R21 too sees little understanding of the needs "
            "of the excluded. The size is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much of the effect is lost on the most deprived where nobody engages them.",
        submodel="activity",
    )
    wb_max: float = quantity(
        25,
        unit="points of 100",
        bounds=(1, 100),
        plausible=(12, 40),
        evidence=_judged(
            "Never reached: it fixes the level of wellbeing together with effort_half."
        ),
        meaning="The wellbeing that children would gain if joint work did all it ever could.",
        submodel="activity",
    )
    wb_delay: float = quantity(
        30,
        unit="months",
        bounds=(3, 240),
        plausible=(12, 48),
        evidence=Evidence(
            "R21",
            "Indirect impact is very high in the long term but not in the short term (Shared "
            "measurement). How long is judgement.",
            ("existence", "sign"),
        ),
        meaning="How long joint work takes to show in children's wellbeing.",
        submodel="activity",
    )
    own_value: float = quantity(
        1.5,
        unit="points per FTE/1000 children",
        bounds=(0, 50),
        plausible=(0.3, 5),
        evidence=Evidence(
            "Kuklinski 2015",
            "The same conversion as for effort_half gives about 1.3 points per FTE/1000 for a well "
            "evaluated programme. It stands in for ordinary services, which is a guess, and it "
            "decides where a partnership does harm.",
            ("size",),
        ),
        meaning="The wellbeing that is lost when organisations take time from their own services.",
        submodel="activity",
    )
    visibility: float = quantity(
        6,
        unit="per unit of J",
        bounds=(0, 1000),
        plausible=(3, 12),
        evidence=_judged("Scaled with effort_half, so that usual joint work is noticed."),
        meaning="How easily joint work and measured results are seen.",
        submodel="activity",
    )
    visibility_unbroadcast: float = quantity(
        0.5,
        unit="share",
        bounds=(0, 1),
        constant=True,
        evidence=Evidence(
            "K26",
            "Development workers make the model visible and communicate within the region (Local "
            "support, Information broker). What is seen without them is judgement.",
            ("existence", "sign"),
        ),
        meaning="How much of the joint work is seen where nobody tells of it.",
        submodel="activity",
    )
    visibility_measured: float = quantity(
        2,
        unit="–",
        bounds=(0, 20),
        constant=True,
        evidence=Evidence(
            "R21",
            "Impact that is measured with data can be demonstrated (Background and context). How "
            "much more it counts than activity is judgement.",
            ("existence",),
        ),
        meaning="How much more than mere activity a measured result is seen.",
        submodel="activity",
    )

    # How results are grouped (reporting) -------------------------------------------------------

    gap_deprived: float = quantity(
        0.5,
        unit="deprivation",
        bounds=(0.4, 1),
        constant=True,
        evidence=_judged("For reporting only; it moves nothing."),
        meaning="Communities above this deprivation count as deprived in the gap.",
        submodel="reporting",
    )
    gap_affluent: float = quantity(
        0.3,
        unit="deprivation",
        bounds=(0, 0.4),
        constant=True,
        evidence=_judged("For reporting only; it moves nothing."),
        meaning="Communities below this deprivation count as affluent in the gap.",
        submodel="reporting",
    )


def check_parameters(
    changes: Mapping[str, object], where: str, *, under: str = "parameters"
) -> Parameters:
    """Return the parameters with `changes` made to the defaults.

    where : the file, or the option of the command line, that gave them
    under : the table in which they stand there, "" for none

    Raises InputError, one sentence, for an unknown name or a value that is not allowed.
    """
    given: object = changes
    try:
        return Parameters.model_validate(dict(given) if isinstance(given, Mapping) else given)
    except ValidationError as error:
        hint = "cisim list parameters"
        text = sentence(error, where, Parameters, under=under, kind="a parameter", hint=hint)
        raise InputError(text) from None
