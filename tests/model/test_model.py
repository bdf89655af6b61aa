"""The run as a Mesa model: agents, policies, events, copies, and models that are let go."""

from __future__ import annotations

import copy
import gc
import math
import pickle
import subprocess
import sys
import weakref
from operator import attrgetter
from pathlib import Path

import mesa
import numpy as np
import pytest

from cisim.model.agents import Backbone, Community, Organisation, Sponsor
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.world.scenario import Scenario


def scenario(name: str = "national-and-regional", **changes: object) -> Scenario:
    return Scenario.load(name).with_(world="one-town", months=24, **changes)  # type: ignore[arg-type]


@pytest.fixture
def model() -> CollectiveImpactModel:
    return CollectiveImpactModel(scenario(), seed=1)


def test_it_is_a_mesa_model_that_runs_to_its_horizon(model: CollectiveImpactModel) -> None:
    assert isinstance(model, mesa.Model)
    model.run_model()
    assert (model.month, model.steps, model.running) == (24, 24, False)
    frame = model.outcomes()
    assert frame["month"].tolist() == list(range(25))


def test_every_kind_has_a_set_even_if_it_is_empty() -> None:
    model = CollectiveImpactModel(scenario("no-backbone"), seed=1)
    assert len(model.agents_by_type[Backbone]) == 0
    assert len(model.agents_by_type[Organisation]) == 30
    assert len(model.agents_by_type[Community]) == 6
    assert len(model.agents_by_type[Sponsor]) == 4
    assert set(model.agent_types) == {Organisation, Community, Backbone, Sponsor}


def test_agents_read_what_the_kernels_wrote(model: CollectiveImpactModel) -> None:
    model.run(12)
    organisations = model.agents_by_type[Organisation]
    assert organisations.get("commitment") == model.state.orgs.commitment.tolist()
    assert organisations.agg("commitment", max) == max(model.state.orgs.commitment)
    members = organisations.select(lambda one: one.member)
    assert len(members) == model.state.orgs.member.sum()
    by_sector = organisations.groupby("sector").count()
    assert by_sector["education"] == 6
    for one in organisations:
        trusts = [tie.trust for tie in one.ties()]
        assert one.trust == pytest.approx(np.mean(trusts), abs=1e-15)
        assert all(type(value) is float for value in (one.trust, one.mandate, one.resources))
        assert len(one.agenda) == 3


@pytest.mark.parametrize("kind", [Organisation, Backbone, Sponsor])
def test_each_kind_has_trust_mandate_and_resources(
    model: CollectiveImpactModel, kind: type[mesa.Agent]
) -> None:
    model.run(3)
    for one in model.agents_by_type[kind]:
        assert all(isinstance(getattr(one, name), float) for name in ("trust", "mandate"))
        assert one.resources >= 0.0
        assert one.name in repr(one)


def test_what_is_set_on_an_agent_is_what_the_next_month_starts_from() -> None:
    plain = CollectiveImpactModel(scenario(), seed=1)
    changed = CollectiveImpactModel(scenario(), seed=1)
    changed.agents_by_type[Organisation].set("mandate", 0.0)
    assert not changed.state.orgs.mandate.any()
    plain.run(1)
    changed.run(1)
    assert (changed.state.orgs.mandate < plain.state.orgs.mandate).all()


def test_setting_trust_starts_ties_anew(model: CollectiveImpactModel) -> None:
    one = model.organisation(3)
    before = [tie.trust for tie in model.organisation(4).ties() if tie.other is not one]
    one.trust = 0.8
    assert [tie.trust for tie in one.ties()] == pytest.approx([0.8] * len(list(one.ties())))
    assert {tie.familiarity for tie in one.ties()} == {0.0}
    assert [tie.trust for tie in model.organisation(4).ties() if tie.other is not one] == before


def test_setting_an_agenda_keeps_alignment_true(model: CollectiveImpactModel) -> None:
    one = model.organisation(3)
    one.agenda = (1.0, 2.0, 3.0)
    ties, scale = model.state.ties, model.parameters.agree_scale
    for arc in range(ties.start[3], ties.start[4]):
        away = model.state.orgs.agenda[ties.other[arc]] - np.array([1.0, 2.0, 3.0])
        expected = math.exp(-(away @ away) / (2 * scale**2))
        assert ties.aligned[arc] == pytest.approx(expected, abs=1e-15)
        assert ties.aligned[ties.reverse[arc]] == ties.aligned[arc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mandate", 1.5),
        ("mandate", math.nan),
        ("trust", -0.1),
        ("agenda", (1.0, 2.0)),
        ("commitment", math.inf),
    ],
)
def test_what_cannot_be_is_refused(model: CollectiveImpactModel, name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        setattr(model.organisation(0), name, value)


def test_what_can_only_be_read_says_so(model: CollectiveImpactModel) -> None:
    with pytest.raises(AttributeError, match="can only be read"):
        model.organisation(0).service_time = 1.0


def test_a_member_can_leave_and_join(model: CollectiveImpactModel) -> None:
    one = next(o for o in model.agents_by_type[Organisation] if not o.member)
    one.join(0.7)
    assert (one.member, one.commitment) == (True, 0.7)
    one.leave()
    assert (one.member, one.commitment) == (False, 0.0)
    one.eligible = False
    with pytest.raises(ValueError, match="not eligible"):
        one.join()


def test_a_policy_acts_before_each_month() -> None:
    months = []

    def sponsors_stay_away(model: CollectiveImpactModel) -> None:
        months.append(model.month)
        for sponsor in model.agents_by_type[Sponsor]:
            sponsor.leave()

    model = CollectiveImpactModel(scenario(), seed=1, policies=[sponsors_stay_away]).run()
    assert months == list(range(24))
    assert model.outcomes(["sponsor_money"])["sponsor_money"].iloc[1:].max() == 0.0
    public = model.state.orgs.sector < 4
    plain = CollectiveImpactModel(scenario(), seed=1).run()
    assert (model.state.orgs.mandate[public] < plain.state.orgs.mandate[public]).all()


def month_of(model: CollectiveImpactModel) -> int:
    return model.month


def test_mesas_data_collector_works_on_it(model: CollectiveImpactModel) -> None:
    collector = mesa.DataCollector(
        model_reporters={"month": month_of},
        agenttype_reporters={
            Organisation: {"trust": attrgetter("trust"), "member": attrgetter("member")},
            Sponsor: {"engagement": attrgetter("engagement")},
        },
    )
    for _ in range(3):
        model.step()
        collector.collect(model)
    assert collector.get_model_vars_dataframe()["month"].tolist() == [1, 2, 3]
    frame = collector.get_agenttype_vars_dataframe(Organisation)
    assert len(frame) == 90
    assert frame["trust"].between(0, 1).all()


def test_copies_and_pickles_go_their_own_way(model: CollectiveImpactModel) -> None:
    model.run(5)
    model.organisation(2).mandate = 0.3
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert other.organisation(2).mandate == 0.3
        other.organisation(2).mandate = 0.9
        assert model.organisation(2).mandate == 0.3
        other.run()
        assert model.month == 5
        assert {agent.model for agent in other.agents} == {other}


def test_a_discarded_model_is_freed() -> None:
    kept: list[weakref.ref[CollectiveImpactModel]] = []
    for seed in range(200):
        model = CollectiveImpactModel(scenario().with_(parameters={"history_months": 12}), seed)
        assert len(model.agents) > 30
        kept.append(weakref.ref(model))
    del model
    gc.collect()
    assert not [one for one in kept if one() is not None]


def test_two_models_that_live_together_do_not_clash() -> None:
    one, other = (CollectiveImpactModel(scenario(), seed) for seed in (1, 2))
    alone = CollectiveImpactModel(scenario(), seed=1).run()
    while one.running:
        one.step()
        other.step()
    np.testing.assert_array_equal(one.state.ties.kept, alone.state.ties.kept)
    assert one.organisation(0).trust != other.organisation(0).trust


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"not a zip", None])
def test_a_damaged_file_is_named_in_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "run.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"run\.npz") as error:
        CollectiveImpactModel.load(path)
    assert "\n" not in str(error.value)


def test_a_cut_file_and_a_foreign_archive_are_refused(
    model: CollectiveImpactModel, tmp_path: Path
) -> None:
    path = model.save(tmp_path / "run.npz")
    whole = path.read_bytes()
    for keep in range(0, len(whole), len(whole) // 40):
        path.write_bytes(whole[:keep])
        with pytest.raises(InputError):
            CollectiveImpactModel.load(path)
    np.savez(path, something=np.zeros(3))
    with pytest.raises(InputError):
        CollectiveImpactModel.load(path)


def test_a_wrong_seed_is_refused() -> None:
    for seed in (-1, 2**63):
        with pytest.raises(ValueError, match="seed"):
            CollectiveImpactModel(scenario(), seed)


EVENTS = [
    {"kind": "election", "month": 2},
    {"kind": "reform", "month": 3, "share": 0.5},
    {"kind": "seed-money-ends", "month": 4},
    {"kind": "sponsor-leaves", "month": 5, "sponsor": "political"},
    {"kind": "sponsor-arrives", "month": 9, "sponsor": "political", "link": 1.0},
    {"kind": "backbone-starts", "month": 10, "level": "regional", "fte": 2.0},
    {"kind": "backbone-ends", "month": 12, "level": "national"},
    {"kind": "turnover-wave", "month": 13, "share": 1.0},
    {"kind": "breach-of-promises", "month": 14, "share": 1.0, "promises": 3.0},
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event["kind"])
def test_an_event_changes_what_comes_after_it_and_nothing_before(event: dict[str, object]) -> None:
    plain = CollectiveImpactModel(scenario(), seed=4).run().recorder.values()
    struck = CollectiveImpactModel(scenario(events=[event]), seed=4).run().recorder.values()
    month = int(event["month"])  # type: ignore[call-overload]
    differs = 0
    for name, values in plain.items():
        np.testing.assert_array_equal(values[: month + 1], struck[name][: month + 1])
        differs += not np.array_equal(values[month + 1 :], struck[name][month + 1 :], True)
    assert differs > 0


def test_all_events_and_structures_hold_kernels_to_one_signature() -> None:
    """A second signature would mean another dtype or a strided column, and a silent compile."""
    code = f"""
from cisim.model.kernel import KERNELS
from cisim.model.luck import Luck
from cisim.model.model import CollectiveImpactModel
from cisim.model.month import work
from cisim.model.schedule import SCHEDULE
from cisim.world.files import shipped
from cisim.world.scenario import Scenario
events = {EVENTS!r}
for name in shipped("scenarios"):
    for world in ("one-town", "finland"):
        scenario = Scenario.load(name).with_(world=world, months=20)
        given = scenario.same_money is not None
        scenario = scenario.with_(
            events=[one for one in events if not given or one["kind"] != "backbone-starts"]
        )
        model = CollectiveImpactModel(scenario, seed=1).run()
        model.outcomes()
        model.organisation(0).agenda = (0, 1, 2)
        model.organisation(0).mandate = 1
        model.state.levers.neutrality = 1
        model.run(1)
        work(SCHEDULE, model.state, model.parameters, Luck(1, model.month))
        model.recorder.record(model.state, model.parameters, model.month)
many = {{name: one.signatures for name, one in KERNELS.items() if len(one.signatures) > 1}}
assert not many, many
many = {{name: list(one.parts) for name, one in KERNELS.items() if len(one.parts) > 1}}
assert not many, many
assert sum(bool(one.signatures) for one in KERNELS.values()) > 15
"""
    subprocess.run([sys.executable, "-c", code], check=True)
