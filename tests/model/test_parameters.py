"""Every number is declared once, as the model's description has it, and is checked in words."""

from __future__ import annotations

import copy
import math
import pickle
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cisim.model.faults import sentence
from cisim.model.input_error import InputError
from cisim.model.literature import SOURCES
from cisim.model.parameters import SUBMODELS, Parameters, check_parameters, joined
from cisim.model.processes.people import People
from cisim.model.processes.trust import Trust
from cisim.model.quantity import Declaration, Evidence, Submodel, declarations, judged, quantity
from cisim.model.schedule import FOUNDING, SCHEDULE

DECLARED = declarations(Parameters)
SWEPT = {name: one for name, one in DECLARED.items() if not one.constant}
CONSTANTS = {name: one for name, one in DECLARED.items() if one.constant}
OF_RIVALS = {
    *(f"layers_{name}" for name in ("gain", "loss", "hurt", "heal", "amplify", "dependence")),
    "layers_signal", "susceptibility", "influence_pace", "confidence_bound", "conditional_slope",
    "conditional_base", "conditional_start",
}  # fmt: skip
WHERE_TIES_FORM = {
    "known_near", "known_sector", "known_other", "across_levels", "closure_rate", "forget_after",
    "introduction_rate", "bridge_rate", "side_by_side", "encounter_rate", "forget_time",
    "popularity", "tie_time", "renown_spread",
}  # fmt: skip
RANGED_SINCE = {"effort_half": ("FTE/1000 children", (0.5, 9.0))}
"""What has another range than in the description: around its anchor, which was its end there."""
DESCRIPTION = Path(__file__).parents[3] / "shared" / "model.md"

each_number = pytest.mark.parametrize("declared", DECLARED.values(), ids=DECLARED)


def number(text: str) -> float:
    return float(text.strip().replace("−", "-"))


def table_of_the_description() -> dict[str, tuple[str, tuple[float, float]]]:
    """Return name -> (unit, plausible) from the table of section 5.1.

    Its defaults were judgement. Those of today are what calibrations have left in the middle
    (tests/world/test_believed.py).
    """
    text = DESCRIPTION.read_text(encoding="utf-8")
    section = text.split("### 5.1")[1].split("### 5.2")[0]
    rows = [re.split(r"\s*\|\s*", line.strip("| ")) for line in section.splitlines() if "|" in line]
    return {
        row[0]: (
            row[1],
            (number(row[3].split("–")[0]), number(row[3].split("–")[1])),
        )
        for row in rows[2:]
    }


def refusal(changes: dict[str, Any], where: str = "study.toml") -> str:
    """Return the sentence with which `changes` are refused."""
    with pytest.raises(InputError) as caught:
        check_parameters(changes, where)
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(f"{where}: ")
    return text


# What the description says ---------------------------------------------------------------------


@pytest.mark.skipif(not DESCRIPTION.exists(), reason="the description is not beside the checkout")
def test_the_parameters_are_those_of_the_description_with_its_units_and_ranges() -> None:
    table = {**table_of_the_description(), **RANGED_SINCE}
    ours = {name: (one.unit, one.plausible) for name, one in SWEPT.items()}
    assert len(table) == 57
    assert ours == table


def test_the_constants_are_those_of_the_description() -> None:
    """Rules that came after the description have constants of their own beside these."""
    described = {
        "history_months": 60,
        "national_reach_cost": 4,
        "commitment_time": 6,
        "hiring_time": 6,
        "load_time": 3,
        "need_pull": 0.05,
        "engagement_time": 0.15,
        "meeting_learning": 0.05,
        "bridge_learning": 0.05,
        "election_first": 24,
        "election_interval": 48,
        "election_change": 0.5,
        "official_tenure": 72,
        "recall_rate": 0.05,
        "body_founder_factor": 2.5,
        "knowhow_start": 0.1,
        "measurement_start": 0.05,
        "idle_productivity": 0.5,
        "sector_weight": 0.18,
        "private_weight": 0.1,
        "turnover_memory": 0.5,
        "loose_gain": 2,
        "visibility_unbroadcast": 0.5,
        "visibility_measured": 2,
        "trust_noise": 0.12,
        "trust_noise_pair": 0.8,
        "trust_noise_own": 0.6,
        "trust_floor": 0.05,
        "trust_ceiling": 0.95,
        "remit_sector": 0.8,
        "remit_own": 0.6,
        "need_regional": 0.7,
        "need_own": 0.5,
        "reference_children": 2000,
        "body_time": 4,
        "sponsor_children": 9000,
        "wellbeing_base": 70,
        "wellbeing_deprivation": 15,
        "headroom_base": 85,
        "headroom_span": 21,
        "jurisdiction_health": 0.8,
        "jurisdiction_education": 0.7,
        "jurisdiction_political": 0.4,
        "jurisdiction_municipal": 0.5,
        "gap_deprived": 0.5,
        "gap_affluent": 0.3,
    }
    assert {name: CONSTANTS[name].default for name in described} == described


def test_the_sector_weights_make_up_one() -> None:
    p = Parameters()
    assert 5 * p.sector_weight + p.private_weight == pytest.approx(1)


def test_fields_stand_in_the_order_of_the_submodels() -> None:
    places = [list(SUBMODELS).index(one.submodel) for one in DECLARED.values()]
    assert places == sorted(places)
    assert set(places) == set(range(len(SUBMODELS)))


# What must hold for every number ---------------------------------------------------------------


@each_number
def test_bounds_enclose_the_plausible_range_and_that_the_default(declared: Declaration) -> None:
    low, high = declared.plausible or (declared.default, declared.default)
    assert declared.bounds[0] <= low <= declared.default <= high <= declared.bounds[1]
    assert declared.bounds[0] < declared.bounds[1]
    assert all(math.isfinite(limit) for limit in declared.bounds)


@each_number
def test_a_parameter_has_a_plausible_range_and_a_constant_has_none(declared: Declaration) -> None:
    """Numbers that do nothing while another theory is off are constants with a range."""
    if declared.name in OF_RIVALS | WHERE_TIES_FORM:
        assert declared.constant
        assert declared.plausible is not None
    else:
        assert declared.constant == (declared.plausible is None)


@each_number
def test_every_number_has_a_unit_a_meaning_and_a_source(declared: Declaration) -> None:
    assert declared.unit
    assert declared.meaning[0].isupper()
    assert declared.meaning.endswith(".")
    assert declared.meaning.count(". ") == 0
    assert declared.evidence.source in SOURCES
    assert declared.evidence.words.endswith(".")


@each_number
def test_a_size_that_no_source_supports_is_called_judgement(declared: Declaration) -> None:
    evidence = declared.evidence
    if evidence.source == "judgement":
        assert evidence.supports == ()
    elif "size" not in evidence.supports:
        assert re.search(r"judgement|assumption", evidence.words)


def test_the_five_sources_support_no_size_but_how_long_phases_last() -> None:
    sized = {n for n, one in DECLARED.items() if "size" in one.evidence.supports}
    phases = {"initiation_shortest", "run_shortest", "run_longest"}
    phases |= {"redesign_shortest", "redesign_longest"}
    assert sized == {"turnover", "effort_half", "own_value", *phases}
    assert {DECLARED[name].evidence.source for name in phases} == {"R21"}


def test_every_source_is_used() -> None:
    assert {one.evidence.source for one in DECLARED.values()} == set(SOURCES)


def test_probabilities_and_monthly_rates_stay_below_one_and_times_above_a_step() -> None:
    for one in DECLARED.values():
        if one.unit in ("1/month", "probability", "share"):
            assert one.bounds[1] <= 1
        if one.unit == "months" and one.name != "election_first":
            assert one.bounds[0] >= 1
    # A close link doubles these two; at two months the step is then still no overshoot.
    assert DECLARED["mandate_time"].bounds[0] >= DECLARED["loose_gain"].bounds[1]
    assert DECLARED["sponsor_time"].bounds[0] >= DECLARED["loose_gain"].bounds[1]


def test_mechanisms_can_be_switched_off() -> None:
    for name in ("conflict_cost", "turnover", "lead_share", "advocacy_effect", "need_drift"):
        assert getattr(Parameters(**{name: 0}), name) == 0


def test_logs_fit_where_the_plausible_range_spans_a_factor_of_four() -> None:
    assert DECLARED["trust_memory"].log_scale  # 36-144
    assert DECLARED["know_rate"].log_scale  # .03-.12
    assert not DECLARED["broken_weight"].log_scale  # 1.2-4
    assert not DECLARED["conflict_cost"].log_scale  # from 0
    assert not DECLARED["commit_base"].log_scale  # from below 0
    assert not DECLARED["history_months"].log_scale  # a constant


# What is refused, and in which words -----------------------------------------------------------


def test_an_unknown_name_offers_the_nearest() -> None:
    assert refusal({"trust_memry": 60}) == (
        "study.toml: parameters.trust_memry is not a parameter. "
        "Did you mean trust_memory? (cisim list parameters)"
    )


def test_an_unknown_name_goes_before_a_wrong_value() -> None:
    assert "trust_memry is not a parameter" in refusal({"turnover": 7, "trust_memry": 60})


def test_a_value_outside_its_bounds_is_told_the_bounds_and_the_unit() -> None:
    assert refusal({"trust_memory": 0}) == (
        "study.toml: parameters.trust_memory is 0; allowed is a number from 1 to 600 (months). "
        "(cisim list parameters)"
    )
    assert "is 2.9; allowed is a number from 3 to 240 (months)" in refusal({"wb_delay": 2.9})


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, True, False, "72", "", None, [72], {"value": 72}, 10**400, 1j],
    ids=lambda value: repr(value)[:12],
)
def test_what_is_not_a_number_is_refused_with_one_sentence(value: object) -> None:
    text = refusal({"trust_memory": value})
    assert "parameters.trust_memory is " in text
    assert "allowed is a number from 1 to 600 (months)" in text


def test_months_of_a_calendar_are_whole() -> None:
    assert "a whole number from 12 to 600 (months)" in refusal({"history_months": 60.5})
    assert Parameters(history_months=72).history_months == 72
    for near in (1.47e-198, 1e-12, 23.9999999999, 24.0000000001):
        assert "a whole number from 0 to 1200 (months)" in refusal({"election_first": near})


def test_the_table_can_be_named_otherwise_or_not_at_all() -> None:
    with pytest.raises(InputError, match=r"^--set: turnover is 2; allowed is a number from 0 to 1"):
        check_parameters({"turnover": 2}, "--set", under="")


def test_a_table_that_is_none_is_refused_with_one_sentence() -> None:
    wrong: Any = 3
    with pytest.raises(InputError, match=r"^a\.toml: parameters is 3; allowed is a table\."):
        check_parameters(wrong, "a.toml")


@settings(deadline=None)
@given(st.sampled_from(sorted(DECLARED)), st.floats() | st.integers() | st.booleans() | st.text())
def test_a_value_is_taken_as_it_is_or_refused_by_name(name: str, value: object) -> None:
    low, high = DECLARED[name].bounds
    fits = not isinstance(value, bool | str) and low <= float(value) <= high  # type: ignore[arg-type]
    if fits and not (DECLARED[name].whole and float(value) % 1):  # type: ignore[arg-type]
        assert getattr(check_parameters({name: value}, "f"), name) == value
    else:
        assert f"parameters.{name} is" in refusal({name: value})


@settings(deadline=None)
@given(st.dictionaries(st.text(), st.none() | st.floats() | st.text(), min_size=1))
def test_whatever_is_given_there_is_one_sentence(changes: dict[str, Any]) -> None:
    changes = {name: value for name, value in changes.items() if name not in DECLARED}
    if changes:
        assert "is not a parameter." in refusal(changes)


@settings(deadline=None)
@given(st.sampled_from(sorted(SWEPT)), st.floats(0, 1))
def test_every_plausible_value_is_allowed_and_is_kept_as_a_float(name: str, share: float) -> None:
    low, high = SWEPT[name].plausible or (0, 0)
    value = min(high, max(low, low + share * (high - low)))
    kept = getattr(Parameters(**{name: np.float64(value)}), name)
    assert kept == value
    assert type(kept) is float


# What a set of parameters can be used for ------------------------------------------------------


def test_parameters_are_frozen() -> None:
    p = Parameters()
    with pytest.raises(ValidationError):
        p.turnover = 0.5  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Parameters(turnver=0.5)  # type: ignore[call-arg]


def test_parameters_survive_pickling_copying_and_hashing() -> None:
    p = Parameters(trust_memory=60, turnover=0)
    for twin in (pickle.loads(pickle.dumps(p)), copy.copy(p), copy.deepcopy(p)):
        assert twin == p
        assert hash(twin) == hash(p)
    assert p != Parameters()
    assert len({p, Parameters(), Parameters(turnover=0, trust_memory=60)}) == 2


def test_parameters_survive_json() -> None:
    p = Parameters(trust_memory=60)
    assert Parameters.model_validate_json(p.model_dump_json()) == p
    schema = Parameters.model_json_schema()["properties"]["trust_memory"]
    assert (schema["minimum"], schema["maximum"], schema["unit"]) == (1, 600, "months")


def test_a_declaration_that_contradicts_itself_does_not_start() -> None:
    judged = Evidence("judgement", "Assumed.")
    kwargs: dict[str, Any] = {"unit": "–", "meaning": "M.", "evidence": judged}
    with pytest.raises(ValueError, match="outside"):
        quantity(2, bounds=(0, 1), **kwargs)
    with pytest.raises(ValueError, match="outside"):
        quantity(0.5, bounds=(0, 1), plausible=(0.2, 1.1), **kwargs)
    with pytest.raises(ValueError, match="judgement"):
        Evidence("judgement", "Assumed.", ("sign",))
    with pytest.raises(ValueError, match="supports something"):
        Evidence("K26", "Says so.")
    with pytest.raises(ValueError, match="SOURCES"):
        Evidence("Nobody 1900", "Says so.", ("sign",))


# Other files are told what is wrong in the same words ------------------------------------------


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Reform(Closed):
    kind: Literal["reform"]
    month: int = Field(ge=0)
    share: float = Field(ge=0, le=1)


class Grant(Closed):
    kind: Literal["grant"]
    month: int = Field(ge=0)
    until: int | None = None


class Region(Closed):
    name: str
    communities: int = Field(default=1, gt=0)
    sectors: list[Literal["education", "social", "health"]] = []
    depth: float | Literal["deep", "thin"] = "thin"
    staff: float = quantity(
        1,
        unit="FTE",
        bounds=(0, 20),
        evidence=Evidence("judgement", "Assumed."),
        meaning="Staff.",
        submodel="backbones",
        constant=True,
    )


class Place(Closed):
    title: str
    regions: list[Region]
    events: list[Annotated[Reform | Grant, Field(discriminator="kind")]] = []
    either: Reform | Grant | None = None
    shares: dict[str, Annotated[float, Field(ge=0, le=1)]] = {}
    labels: list[str] = Field(default=[], max_length=1)

    @model_validator(mode="after")
    def _check_names(self) -> Place:
        if len({region.name for region in self.regions}) < len(self.regions):
            raise ValueError("two regions have the same name")
        return self


def words(**changes: Any) -> str:
    """Return the sentence for a place with these changes."""
    table: dict[str, Any] = {"title": "T", "regions": [{"name": "a"}, {"name": "b"}]}
    with pytest.raises(ValidationError) as caught:
        Place.model_validate(table | changes)
    return sentence(caught.value, "place.toml", Place)


def test_declarations_are_found_in_any_class() -> None:
    assert list(declarations(Region)) == ["staff"]
    assert declarations(Region)["staff"].unit == "FTE"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"titel": "x"}, "titel is not a field. Did you mean title?"),
        (
            {"regions": [{"name": "a"}, {"name": "b", "comunities": 3}]},
            "regions[1].comunities is not a field. Did you mean communities?",
        ),
        ({"regions": [{}]}, "regions[0].name is missing; it must be text."),
        ({"regions": 3}, "regions is 3; allowed is a list (of a table)."),
        ({"regions": ["a"]}, "regions[0] is 'a'; allowed is a table."),
        (
            {"regions": [{"name": "a", "communities": 0}]},
            "regions[0].communities is 0; allowed is a whole number above 0.",
        ),
        (
            {"regions": [{"name": "a", "communities": 2.5}]},
            "regions[0].communities is 2.5; allowed is a whole number above 0.",
        ),
        (
            {"regions": [{"name": "a", "staff": 21}]},
            "regions[0].staff is 21; allowed is a number from 0 to 20 (FTE).",
        ),
        (
            {"regions": [{"name": "a", "sectors": ["social", "helth"]}]},
            "regions[0].sectors[1] is 'helth'; allowed is one of education, social, health. Did",
        ),
        (
            {"regions": [{"name": "a", "depth": "deap"}]},
            "regions[0].depth is 'deap'; allowed is a number or one of deep, thin. Did you mean",
        ),
        (
            {"events": [{"kind": "reform", "month": 3, "share": 1.5}]},
            "events[0].share is 1.5; allowed is a number from 0 to 1.",
        ),
        (
            {"events": [{"kind": "reform", "month": 3, "share": 1.0, "shre": 1.0}]},
            "events[0].shre is not a field. Did you mean share?",
        ),
        (
            {"events": [{"kind": "refrom", "month": 3}]},
            "events[0].kind is 'refrom'; allowed is one of reform, grant. Did you mean reform?",
        ),
        (
            {"events": [{"month": 3}]},
            "events[0].kind is missing; it must be one of reform, grant.",
        ),
        (
            {"events": [{"kind": "grant", "month": 3, "until": "end"}]},
            "events[0].until is 'end'; allowed is a whole number.",
        ),
        ({"shares": {"Soite": 2.0}}, "shares.Soite is 2.0; allowed is a number from 0 to 1."),
        ({"labels": ["a", "b"]}, "labels is ['a', 'b']; allowed is a list of at most 1 "),
        ({"either": {"kind": "reform", "month": -1, "share": 0.1}}, "either.month is -1; allowed"),
        (
            {"either": {"kind": "refrom", "month": 1, "share": 0.1}},
            "either.kind is 'refrom'; allowed is reform or grant. Did you mean reform?",
        ),
        ({"regions": [{"name": "a"}, {"name": "a"}]}, "two regions have the same name."),
    ],
    ids=lambda value: None if isinstance(value, dict) else value.split(";")[0][:40],
)
def test_a_sentence_names_the_place_the_value_and_the_cure(
    changes: dict[str, Any], expected: str
) -> None:
    assert words(**changes).startswith(f"place.toml: {expected}")


def test_names_alone_are_enough_for_the_nearest() -> None:
    with pytest.raises(ValidationError) as caught:
        Region.model_validate({"name": "a", "depht": "deep"})
    assert sentence(caught.value, "r.toml", ["name", "depth"], kind="a choice") == (
        "r.toml: depht is not a choice. Did you mean depth?"
    )


def test_a_sentence_raised_by_a_check_is_passed_on_as_it_is() -> None:
    class Holder(Closed):
        parameters: dict[str, Any]

        @model_validator(mode="after")
        def _check(self) -> Holder:
            check_parameters(self.parameters, "h.toml")
            return self

    with pytest.raises(ValidationError) as caught:
        Holder(parameters={"trust_memry": 3})
    assert sentence(caught.value, "h.toml", Holder) == refusal({"trust_memry": 3}, "h.toml")


# Declared beside their submodels ----------------------------------------------------------------


def test_a_number_belongs_to_the_file_whose_class_declares_it() -> None:
    assert DECLARED["prior_weight"].submodel == "trust"
    assert DECLARED["election_first"].submodel == "elections"
    homes = {one.module.rpartition(".")[2] for one in (*SCHEDULE, *FOUNDING)}
    assert {one.submodel for one in DECLARED.values()} - homes == {"initialisation", "reporting"}


def test_a_number_that_is_declared_twice_does_not_start() -> None:
    class Again(Submodel):
        """Twice."""

        prior_weight: float = quantity(
            1, unit="–", bounds=(0, 2), constant=True, evidence=judged("Assumed."), meaning="M."
        )

    with pytest.raises(ValueError, match=r"^prior_weight is declared in trust and in "):
        joined([Trust, Again])


def test_joined_numbers_keep_the_order_of_their_classes() -> None:
    both = joined([Trust, People])
    assert list(both.model_fields) == [*Trust.model_fields, *People.model_fields]
