"""Numbers of how the world is built (cisim.world does it), of its history and its founding."""

from __future__ import annotations

from cisim.model.quantity import Evidence, Submodel, judged, quantity


class Initialisation(Submodel):
    """How the world is built, and its history."""

    history_months: float = quantity(
        60,
        unit="months",
        bounds=(12, 600),
        whole=True,
        constant=True,
        evidence=judged("Long enough for everyday ties to settle before month 0."),
        meaning="How long everyday collaboration has gone on before a partnership may start.",
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
    )
    trust_prior: float = quantity(
        0.468,
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
    )
    trust_noise: float = quantity(
        0.12,
        unit="–",
        bounds=(0, 0.5),
        constant=True,
        evidence=judged("Pairs differ in what they expect of each other."),
        meaning="How much first trust differs from pair to pair.",
    )
    trust_noise_pair: float = quantity(
        0.8,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=judged("V20 wants trust to be reciprocal; that most of it is, is assumed."),
        meaning="How much of the difference in first trust both partners of a pair share.",
    )
    trust_noise_own: float = quantity(
        0.6,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=judged(
            "With the shared part this keeps the whole at trust_noise (.8² + .6² = 1)."
        ),
        meaning="How much of the difference in first trust is one partner's own.",
    )
    trust_floor: float = quantity(
        0.05,
        unit="–",
        bounds=(0, 0.5),
        constant=True,
        evidence=judged("Nobody is distrusted wholly before any experience."),
        meaning="The lowest trust that a pair can start with.",
    )
    trust_ceiling: float = quantity(
        0.95,
        unit="–",
        bounds=(0.5, 1),
        constant=True,
        evidence=judged("Nobody is trusted wholly before any experience."),
        meaning="The highest trust that a pair can start with.",
    )
    agenda_spread: float = quantity(
        0.255,
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
    )
    remit_own: float = quantity(
        0.6,
        unit="–",
        bounds=(0, 2),
        constant=True,
        evidence=judged("Organisations of one sector differ too."),
        meaning="How much of an organisation's own remit is its own alone.",
    )
    need_regional: float = quantity(
        0.7,
        unit="–",
        bounds=(0, 2),
        constant=True,
        evidence=judged("Communities of one region share a part of what they need."),
        meaning="How much of what a community needs is shared by its region.",
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
    )
    staff_time: float = quantity(
        0.179,
        unit="FTE/local organisation",
        bounds=(0.005, 5),
        plausible=(0.08, 0.25),
        evidence=judged("Half a day to a day a week for all work across organisations."),
        meaning="The working time that a local organisation of usual size has for work across "
        "organisations.",
    )
    body_time: float = quantity(
        4,
        unit="–",
        bounds=(0.1, 50),
        constant=True,
        evidence=judged("A regional body serves many communities."),
        meaning="How many times the time of a usual local organisation a regional body has.",
    )
    reference_children: float = quantity(
        2000,
        unit="children",
        bounds=(10, 1_000_000),
        constant=True,
        evidence=judged("Near the mean of the five Finnish regions; it fixes the scale only."),
        meaning="The number of children in a community of usual size.",
    )
    sponsor_children: float = quantity(
        9000,
        unit="children",
        bounds=(1, 10_000_000),
        constant=True,
        evidence=judged(
            "Sponsors' budgets are those of regions like the Finnish ones. Without a bound a place "
            "of eight organisations had the sponsors' money of a whole region and five times its "
            "wellbeing; the smallest world that ships has so many children."
        ),
        meaning="In a region with fewer children its sponsors have less money, in proportion.",
    )
    knowhow_start: float = quantity(
        0.1,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=judged("Ordinary services know a little about joint work."),
        meaning="What organisations know about joint work at first, and what know-how fades to.",
    )
    measurement_start: float = quantity(
        0.05,
        unit="–",
        bounds=(0, 1),
        constant=True,
        evidence=judged("Almost nothing is measured together before a partnership."),
        meaning="How much organisations measure together at the start.",
    )
    wellbeing_base: float = quantity(
        70,
        unit="points of 100",
        bounds=(20, 80),
        constant=True,
        evidence=judged("Wellbeing is an index: only changes mean anything."),
        meaning="Wellbeing of children at the start in a community without deprivation.",
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
    )
    headroom_base: float = quantity(
        85,
        unit="points of 100",
        bounds=(80, 100),
        constant=True,
        evidence=judged("Used only where a structure lets headroom differ; it is off by default."),
        meaning="The wellbeing above which there is nothing left to gain, where headroom counts.",
    )
    headroom_span: float = quantity(
        21,
        unit="points of 100",
        bounds=(1, 100),
        constant=True,
        evidence=judged("Headroom at mean deprivation (.4), so that the average stays one."),
        meaning="The headroom of a community of mean deprivation.",
    )
