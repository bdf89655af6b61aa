"""What the five source documents describe, and what of it runs in this version.

`carried_by` names what carries a system: parameters, levers, outcomes, processes, events, and
shipped worlds, structures and scenarios. A test holds each name to what there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cisim.show.nine import NINE

State = Literal["runs", "in part", "not yet"]


@dataclass(frozen=True)
class System:
    """A system, framework or case of the sources.

    sentence   : what the source says, in its words where quoted
    now        : what carries it in this version
    carried_by : names of that
    missing    : what is not there yet
    lacks      : what the model goes without on purpose, and why
    """

    key: str
    title: str
    source: str
    sentence: str
    state: State
    now: str
    carried_by: tuple[str, ...] = ()
    missing: str = ""
    lacks: str = ""


@dataclass(frozen=True)
class Tried:
    """A lever that the sources suggest, that was tried and moves too little by itself.

    name   : what it would have been called; one that is a lever of files still is no control of
             the page
    system : its row in SYSTEMS
    source : whose claim it is
    tried  : what was tried
    effect : what that moved, and where
    """

    name: str
    system: str
    source: str
    tried: str
    effect: str


TRIED: tuple[Tried, ...] = (
    Tried(
        "neutrality",
        "S11, S17",
        "K26",
        "0 and 1 in place of .5: whether the host keeps those who pay from setting the agenda.",
        "At most 1 % of the gain on any world, of either sign. Those who pay and those who do not "
        "want too much alike here. It stays in files, as structures of the sources differ in it.",
    ),
    Tried(
        "flow_need",
        "S8",
        "K26",
        "Cut: what regional staff know of local need does not reach the national level.",
        "1 to 2 % of the gain, never surely 2 %. It stays in files, where each flow can be cut.",
    ),
    Tried(
        "flow_overview",
        "S8",
        "K26",
        "Cut: what regional staff know of the field does not reach national evaluation.",
        "1 to 2 % of the gain, never surely 2 %. It stays in files, where each flow can be cut.",
    ),
    Tried(
        "restart",
        "S3",
        "R21",
        "A lever of its own for finding former members of a dormant partnership again "
        "(`restart_rate` .1 against 0, with `redesign` 1).",
        "Nothing in `national-and-regional`, where hardly any partnership ends (less than .05 % "
        "on three worlds). Where the regions' money ends after two years joint activity is 5 % "
        "(`one-town`) to 36 % (`county`) higher, the gain 1 to 6 %. It is merged into `redesign`.",
    ),
)
"""What moves neither wellbeing nor joint activity nor the gap by 2 % where levers are measured."""


SYSTEMS: tuple[System, ...] = (
    System(
        "S1",
        "Five conditions of collective impact",
        "PR",
        "“The framework includes 5 conditions for systemic impact.”",
        "runs",
        "Each condition is a level between 0 and 1, each month and region, and each has a lever "
        "from 0, removed, to 1; compare --ablate tells what each is worth.",
        (
            "common_agenda",
            "shared_measurement",
            "reinforcing_activities",
            "communication",
            "backbone_support",
            "accountability",
            "measurement_time",
            "measurement_staff",
            "component_common_agenda",
            "component_measurement",
            "component_activities",
            "component_communication",
            "component_backbone",
        ),
    ),
    System(
        "S2",
        "Beneficiary engagement and investment; seven components",
        "R21",
        "“All components in the collective impact puzzle are interdependent”; they “are not "
        "activated sequentially”.",
        "runs",
        "Engagement costs members time, pulls agendas to need and widens reach; investment is "
        "staff, grants and sponsors' money. Both are levels with a lever. No component waits for "
        "another. The seven are observed every month; report and page draw them together, year "
        "by year.",
        (
            "engagement",
            "engagement_time",
            "investment",
            "component_beneficiaries",
            "component_investment",
        ),
        lacks="“Relevant components can be added”: R21 names none, so there are seven.",
    ),
    System(
        "S3",
        "Phases, and exponential value",
        "R21",
        "“The exponential value is not dependent on completing each phase sequentially”.",
        "runs",
        "The phase of each region is its state: initiation, run, re-design, dormant. With the "
        "lever redesign members re-read need as far as they measure and beneficiaries take part, "
        "meetings take more time, and former members of a dormant partnership are sought. With "
        "replication, results draw partners in other regions, more after a re-design and in no "
        "sequence. early_money spends the same posts' money in their first year: in our trials "
        "that costs results, as there is little to support yet and less money later.",
        (
            "phase",
            "follow_phases",
            "redesign",
            "redesign_pull",
            "redesign_meetings",
            "restart_rate",
            "replication",
            "redesign_example",
            "early_money",
            "re-design",
            "need-drifts",
            "need-drifts-re-design",
            "posts-paid-early",
        ),
    ),
    System(
        "S4",
        "Three factors for innovation",
        "R21",
        "Innovative solutions, data-driven governance and quantified value are “fundamental in "
        "order to reach innovative height”.",
        "runs",
        "With the lever innovation, members of many sectors who do not know and agree with each "
        "other well, and the catalyst, widen what is tried: an hour achieves more, more dialogues "
        "fail. With data_steering, regional bodies work more where measured wellbeing is lowest "
        "and spend time on data: the gap narrows and the mean gain falls. Results that are "
        "measured are seen more easily than activity. Value is computed on three levels (S14).",
        (
            "innovation",
            "widen_what_is_tried",
            "innovation_gain",
            "innovation_friction",
            "uncatalysed",
            "data_steering",
            "steering_time",
            "visibility_measured",
            "data-steered",
            "external_money_total",
        ),
        lacks="Digitalisation, which R21 asks to consider: it does not say what it would change. A "
        "value in money that is no cost: nothing in the sources turns wellbeing into money, so it "
        "takes the user's link (S14).",
    ),
    System(
        "S5",
        "Functions of integrative leadership",
        "K26",
        "“Of the eight integrative leadership functions, we recognize seven that appear in "
        "backbone organizations”; the knowledge and information broker is added.",
        "runs",
        "A table, Table 3 unless a structure has its own, says who carries which function: roles "
        "of both levels, sponsors, a lead organisation. The level of each follows from it, and "
        "`cisim check`, report and page name the functions that nobody holds, and both draw "
        "how much each is exercised, year by year, and the table itself, lit at one moment.",
        (
            "functions",
            "function_initiator",
            "function_champion",
            "function_sponsor",
            "function_facilitator",
            "function_boundary_spanner",
            "function_catalyst",
            "function_meta_governor",
            "function_implementor",
            "function_broker",
        ),
        lacks="Leadership that “changes hands” by competence: K26 says that it does, and not "
        "when or to whom; a table holds for a whole run.",
    ),
    System(
        "S6",
        "National backbone and its five roles",
        "K26",
        "“The analysis identified five distinct roles in the functioning of the NB organization "
        "within the CI model.”",
        "runs",
        "Staff time is divided over the roles. Futures work lengthens the horizon of commitment, "
        "implementation support raises the quality of regional work and facilitation, evaluation "
        "spreads measurement, bridges carry practice and meetings between regions, knowledge "
        "builds know-how. `cisim compare SCENARIO --attribute roles` tells what each is worth.",
        (
            "national_start",
            "national_end",
            "futures",
            "implementation",
            "evaluation",
            "bridge",
            "knowledge",
            "national_fte",
            "staff_backbones",
            "national",
            "national-only",
        ),
    ),
    System(
        "S7",
        "Regional backbone and its four roles",
        "K26",
        "“The development worker cannot lead the collective impact work.” (3/WSC)",
        "runs",
        "The cross-sectoral player recruits and brokers, local support facilitates, the local "
        "knowledge gatherer finds strangers to bring together and tells of need, the information "
        "broker passes on and makes visible. None of them gives a mandate: what they bring about "
        "reaches mandates only through sponsors, or executives, who see it.",
        (
            "regional_fte",
            "regional_start",
            "regional_end",
            "cross_sectoral",
            "local_support",
            "knowledge_gatherer",
            "information_broker",
            "regional_scale",
            "staff_backbones",
            "regional",
            "regional-only",
        ),
    ),
    System(
        "S8",
        "Two levels as one continuum",
        "K26",
        "“The support is reciprocal. I could even say that it does not function if either side is "
        "missing.” (23/M)",
        "runs",
        "The longer horizon, guidance, evaluation, peers and research flow down, local need and "
        "the overview flow up, and each can be cut by itself; solo_quality says what one level "
        "achieves alone. An academic partner can replace evaluation and knowledge. `cisim compare "
        "SCENARIO --attribute levels` tells what both achieve beyond the two apart, and how much "
        "of it rests on solo_quality.",
        (
            "flow_horizon",
            "flow_guidance",
            "flow_evaluation",
            "flow_peers",
            "flow_knowledge",
            "flow_need",
            "flow_overview",
            "solo_quality",
            "solo_learning",
            "academic_fte",
            "regional-academic",
        ),
    ),
    System(
        "S9",
        "Sponsors outside the backbone",
        "K26",
        "Sponsors “may only be loosely or unofficially connected to the backbone organization”; "
        "“there is a need to integrate sponsors more closely into backbone support”.",
        "runs",
        "Four sponsors a region with engagement, money, jurisdiction and a position of their own. "
        "Their link is integrated, loose (observed, the default) or absent (our counterfactual). "
        "They change with elections and careers, leave and come back. A table says who is there, "
        "how close, how willing, with which money and elections; a hostile one lowers mandates "
        "and asks members to leave.",
        (
            "sponsors",
            "sponsor_link",
            "engage_sponsors",
            "change_sponsors",
            "sponsor-leaves",
            "sponsor-arrives",
            "election",
            "recall_rate",
            "integrated-sponsors",
            "missing-sponsor",
            "officials-only",
            "politicians-only",
            "hostile-sponsor",
            "returning-sponsor",
        ),
    ),
    System(
        "S10",
        "Six responsibilities and five limits of a backbone",
        "NZ",
        "A backbone “does not set the group's agenda” and “is not self-appointed”; it builds "
        "public will, advances policy and mobilises funding.",
        "runs",
        "Staff time can be given by responsibility; a documented mapping makes roles of it. Public "
        "will, policy and funding do one thing here: sponsors see more, which is bounded; they, "
        "not the backbone, give mandates and money. The five limits are checked on a structure, "
        "each with its sentence, and can be crossed on purpose (allow).",
        ("responsibilities", "allow", "advocacy", "advocacy_effect"),
    ),
    System(
        "S11",
        "Choices for a backbone's structure",
        "NZ",
        "Existing home or new, how much capacity, who funds “in the short term” and “in the long "
        "term”; “credibility with the communities most affected by inequities”.",
        "runs",
        "An existing home is quick, a new one slow: staff are paid before they act. Overhead, or "
        "sharing the orchestrator, takes its share of their time. Volunteers are members' own "
        "time at a value, booked as no money. Posts say who funds until when and who goes on. "
        "Credibility, to which staff that reflect the community are a way, acts where the worst "
        "off are reached.",
        (
            "seed_end",
            "posts",
            "payers",
            "backbone_share",
            "sponsors_post",
            "start_up",
            "overhead",
            "volunteers",
            "volunteer_value",
            "settle_in",
            "pay_posts",
            "neutrality",
            "credibility",
            "lean-backbone",
        ),
    ),
    System(
        "S12",
        "Catalogue of backbone structures",
        "V20",
        "“The most common backbone structure was a programme under the auspices of a participating "
        "university hospital” or university department.",
        "runs",
        "Nine structures that fit any place, compared in docs/nine-structures.md, with those from "
        "which each cannot be told apart. Committee and management group have leaders inside and "
        "volunteered time in place of posts; a lead organisation may coordinate in any structure.",
        (*NINE, "lead_share"),
    ),
    System(
        "S13",
        "Scales and vertical governance",
        "V20",
        "Without “a vertical meta-governance and governance structure” local questions risk to "
        "“become marginalised in relation to national level decision making processes”.",
        "runs",
        "Worlds of a town, a county, five regions of a country, and seven countries. National "
        "pressure, as a lever or an event, claims public organisations' time, mandates and "
        "agendas; backbones' posts may lack qualified staff. Governance across the levels keeps "
        "its share of both off, and costs public members time. With and without compare at each "
        "scale.",
        (
            "one-town",
            "county",
            "finland",
            "alive-and-thrive",
            "national_pressure",
            "vertical_governance",
            "staff_shortage",
            "press_from_above",
            "national-pressure",
            "vertical-governance",
        ),
    ),
    System(
        "S14",
        "Value on three levels",
        "R21",
        "“15 mSEK Societal costs associated with an individual in lifelong social exclusion”.",
        "runs",
        "What children, partners and society gain and forgo, each in the model's own quantities, "
        "and the break-even with its interval, in a currency that the user sets, in the report of "
        "a comparison. A social return only where the user states the link. Backbones may fund "
        "local action; the bill has it with its payer.",
        (
            "same_money_as",
            "same_money_use",
            "grant_nat",
            "grant_reg",
            "grant_joint",
            "joint_fte",
            "service_forgone",
            "service_displaced",
            "external_money_total",
            "trust_eligible",
            "gap_primary",
            "local_action",
        ),
    ),
    System(
        "S15",
        "Trust",
        "V20, R21",
        "“[t]he personal relationships that providers develop with one another are key drivers of "
        "service coordination” (Bunger 2010, in V20); “Participants need several years of regular "
        "interactions” (R21).",
        "runs",
        "Directed trust of every pair, from kept and broken promises. A change of person breaks "
        "most of it (wider literature); shared measurement and what is signed make part of it "
        "last. Communities' trust in the partnership is credibility, or follows the results that "
        "they see (earned_trust).",
        (
            "update_trust",
            "trust_memory",
            "broken_weight",
            "turnover",
            "inst_base",
            "trust_prior",
            "agreement",
            "agreement_lasts",
            "credibility",
            "earned_trust",
            "trust_earning",
            "community_trust",
        ),
        lacks="Trust of communities that is earned by anything but results: the sources ask for it "
        "and do not say how it comes about.",
    ),
    System(
        "S16",
        "Selection of partners",
        "V20, R21",
        "Initiatives “have relied more on ‘the usual suspects’ rather than on ‘out-of-the-box "
        "partisans’”; different sectors with complementary capabilities (R21, hypothesis 2).",
        "runs",
        "Whom recruiters ask is chosen: anybody, whom members know and trust, or sectors that a "
        "community lacks, with as many seats as wanted. Familiar partners are met more; a broker "
        "who knows the region brings strangers together. Values may be shared, an agenda wide or "
        "narrow. A champion asks those who know and trust it, and is gone with the person. What "
        "outsiders bring that is new has no size in the sources, so usual suspects look better "
        "here than V20 has them.",
        (
            "selection",
            "left_out",
            "participation",
            "founders",
            "seats",
            "champion",
            "champion_rate",
            "value_distance",
            "scope",
            "explore",
            "meet",
            "ces_rho",
            "champion-leaves",
            "with-champions",
        ),
    ),
    System(
        "S17",
        "Power",
        "R21",
        "“It's always the ones with money who have the power to formulate the agenda”; partners "
        "are “restricted by their own company's KPIs”; “individuals with a limited mandate” "
        "struggle.",
        "runs",
        "Money pulls the agenda of members, the own remit pulls it back, and a mandate caps time "
        "and reliability. Those who pay move members' aims 19 to 28 % of the way to their own, at "
        "fixed values (results/power-of-money.md). Children gain or lose little by that (−1 to "
        "+6 %) as long as payers stand as near to need as anybody: they bring members together, "
        "and off the need. One payer that stands one unit off costs 11 to 19 %, with the "
        "strongest pull that is believed 29 to 41 %.",
        (
            "funder_pull",
            "kpi_pull",
            "neutrality",
            "mandate_min",
            "mandate_start",
            "converge_on_agenda",
            "payer-changes-agenda",
            "funder-changes-agenda",
        ),
    ),
    System(
        "S18",
        "Agreements and steering",
        "R21",
        "“I recommend an exit clause so that partners can leave the partnership”; “the steering "
        "group has been very operational … which has resulted in great success”; “the steering "
        "group should provide more strategic support”.",
        "runs",
        "A letter of intent, a contract or one with an exit clause: what is signed outlasts "
        "people and binds, a contract keeps some from joining, an exit clause does away with "
        "both. The steering group works on what is done, on mandates, or both. Either pays while "
        "it takes each member less than some .6 to .9 meetings a month, and harms above that: "
        "both of the source's quotes can be true. What a shared orchestrator takes is overhead.",
        (
            "agreement",
            "agreement_lasts",
            "agreement_hurdle",
            "agreement_binds",
            "steering",
            "steering_follow",
            "steering_meetings",
            "overhead",
            "steering_mandate",
            "strategic_meetings",
            "shared_credit",
        ),
    ),
    System(
        "S19",
        "Children's wellbeing",
        "V20, R21",
        "“Indirect impact is very high in long-term but not in short-term” (R21); where one lives "
        "“makes a material contribution to wellbeing and happiness” (V20). Engaging those "
        "concerned is foundational for “individual empowerment in the short-term” (R21).",
        "runs",
        "Wellbeing of each community, slow, with a primary and a secondary gap. Beside it two "
        "fast outcomes of those engaged: inclusion (how much of joint work they share) and "
        "empowerment (how far it goes their way). Reach falls with deprivation unless engagement "
        "and credibility raise it. The review's table of goals stands, as its authors' reading, "
        "in docs/components.md.",
        (
            "headroom",
            "wellbeing_gain",
            "inclusion",
            "empowerment",
            "gap_primary",
            "gap_secondary",
            "reach_gap",
            "wb_delay",
        ),
        lacks="Five domains: no source says of any which joint work moves it, how fast, or how it "
        "differs from the others. The goals of Table 1 as results: the table is “authors' "
        "interpretation”, and no run moves it.",
    ),
    System(
        "S20",
        "The Finnish case",
        "K26",
        "Table 1: OmaHäme 11 of 11 municipalities, Soite 7 of 8, Pirha 4 of 23, Siunsote 13 of "
        "13, Pohde 30 of 30.",
        "runs",
        "A snapshot of 2025 for comparing structures, and a dated case of 2020 to 2030: regions "
        "enter at their dates, each with its payer and the end of its money; the reform of 2023 "
        "moves who answers for health and social services from municipal to county leaders; the "
        "foundation's money ends with 2026, and counties take over at once, a year later or not "
        "at all. Where two cities begin alone, the other municipalities come in at their dates "
        "(communities-enter). What K26 does not say is marked, number by number.",
        (
            "finland",
            "finland-2020",
            "finland-2020-ends",
            "finland-2020-takes-over",
            "finland-2020-a-year-later",
            "finland-2020-cities-first",
            "communities-enter",
            "reform",
            "services-move",
            "seed-money-ends",
        ),
        lacks="Organisations that change level: with the reform it is who answers for them that "
        "changes, as K26 tells, and not where they work.",
    ),
    System(
        "S21",
        "Ungas Vägar, Malmö",
        "R21",
        "“The objective was to ensure employment or further studies for 70% of the participants”; "
        "“for some the individual empowerment is substantial and for some slightly smaller”.",
        "runs",
        "A world with the partners by name, with and without an orchestrator and with a funder of "
        "another agenda. What comes to those who take part is the fast outcomes of those engaged, "
        "inclusion and empowerment. The 70 % stand in its story as what was aimed at, and are "
        "compared with no number.",
        (
            "malmo",
            "ungas-vagar",
            "ungas-vagar-without",
            "ungas-vagar-new-funder",
            "inclusion",
            "empowerment",
        ),
        lacks="A share of participants at work or in studies: “there is not enough data to analyse "
        "on a high level” (R21). The source has neither how many took part nor how many came to "
        "work, so any share would be made up, and a target line beside it would test nothing.",
    ),
    System(
        "S22",
        "Bäckby/Västerås and På Lika Villkor",
        "R21",
        "Named with their kinds of partners; the case pages are blank. “PLV [partnership] started "
        "10 years ago”.",
        "runs",
        "Two small worlds with those partners that R21 names, one district of a city, and a "
        "partnership from 2011 on with ten years of history by 2021. All else is marked as an "
        "assumption.",
        (
            "backby",
            "backby-without",
            "pa-lika-villkor",
            "pa-lika-villkor-late",
        ),
    ),
    System(
        "S23",
        "A New Zealand locality",
        "NZ",
        "“The Collaborative Governance Group, often in consultation with other key community "
        "stakeholders, selects the backbone.”",
        "runs",
        "A world in which a governance group, by name, founds the partnership. Its possible "
        "choices of a backbone are compared: a community trust, a health provider, a new "
        "structure, nobody. Or it chooses itself, in a month (backbone-chosen): its members trust "
        "each possible home, weighed by their mandates, nobody votes on itself, and communities' "
        "word counts as far as they are consulted. `run`, `compare` and report tell whom it "
        "chose. Where it asks communities it chooses the community trust in all futures, alone "
        "in half of them.",
        (
            "nz-locality",
            "nz-community-trust",
            "nz-health-provider",
            "nz-new-structure",
            "nz-nobody",
            "nz-group-asks",
            "nz-group-alone",
            "backbone-chosen",
        ),
        lacks="A choice in which money, law or rivalry decides: NZ names who chooses and what a "
        "home should bring, and nothing of how it comes to a decision. So trust, mandates and "
        "consultation are our reading. Working groups are organisations like the others.",
    ),
    System(
        "S24",
        "Alive & Thrive",
        "V20",
        "A backbone “with staff on the ground in each participating country”, seven of them; it "
        "“organised large events in each of the participating countries in order to create "
        "momentum”.",
        "runs",
        "A world of seven countries with staff in each, and a second layer across them that comes "
        "later, with and without. The backbone funds local action, tells leaders what it sees "
        "(advocacy), measures, and carries knowledge between the countries. Large events take "
        "members' time and give them new heart.",
        (
            "alive-and-thrive",
            "alive-and-thrive-one-layer",
            "alive-and-thrive-events",
            "large-event",
            "local_action",
            "advocacy",
        ),
        lacks="Policies that are changed: V20 has their advocacy and tells of no effect of one, "
        "and the model has one index of wellbeing and no feeding. Advocacy reaches sponsors only.",
    ),
    System(
        "S25",
        "Getting to Zero San Francisco",
        "V20",
        "“Only one to two staff members, with additional help provided by volunteers from the "
        "organisations participating in the initiative”.",
        "runs",
        "A world of one city with a lean backbone, with volunteers, without them, and with twice "
        "the staff.",
        (
            "san-francisco",
            "getting-to-zero",
            "getting-to-zero-without-volunteers",
            "getting-to-zero-full",
            "volunteers",
        ),
    ),
    System(
        "S26",
        "The review as evidence",
        "V20",
        "32 studies (USA 20, Canada 5, Australia 5, New Zealand 1, Finland 1); the backbone was "
        "described “in only approximately one third of the reviewed articles”.",
        "runs",
        "This document: each number with its source, graded for existence, sign and size, and what "
        "those who wrote the sources stand to gain.",
    ),
)
"""Every row, in the order of the list that the work started from."""
