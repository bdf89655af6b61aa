"""Policies in ensembles: a function acts on the agents before each month, in any worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import acting
import numpy as np
import pytest

import cisim
from cisim import cli
from cisim.lab import executors, simulate
from cisim.lab.manifest import describe, manifest_key
from cisim.lab.policies import sponsor_rotation, staged_entry
from cisim.lab.results import write_ensembles
from cisim.lab.robust import robust
from cisim.model.input_error import InputError
from cisim.world.notes import notes
from cisim.world.policy import find_policy

TOWN = cisim.Scenario.load("national-and-regional", world="one-town", months=18)
SOME = ["member_share", "sponsor_money", "wellbeing_gain"]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the file of a policy of the user's, in a folder that Python looks in."""
    monkeypatch.syspath_prepend(tmp_path)
    file = tmp_path / "users_own.py"
    file.write_text(OWN.format(0.5), "utf-8")
    yield file
    sys.modules.pop("users_own", None)


OWN = """
import cisim


def _tired(sponsor):
    sponsor.engagement *= {}


def tire(model):
    for sponsor in model.agents_by_type[cisim.Sponsor]:
        _tired(sponsor)
"""


@pytest.mark.parametrize("policy", [acting.nothing, "acting:looks"])
def test_a_policy_that_does_nothing_keeps_every_bit(policy: object) -> None:
    plain = cisim.simulate(TOWN, 3, workers=1)
    under = cisim.simulate(TOWN, 3, workers=1, policy=policy)  # type: ignore[arg-type]
    assert under.values.tobytes() == plain.values.tobytes()
    assert under.books is not None
    assert plain.books is not None
    assert under.books.tobytes() == plain.books.tobytes()


def test_an_ensemble_under_a_policy_is_what_single_runs_show_on_any_number_of_workers() -> None:
    found = {
        workers: cisim.simulate(
            TOWN, 4, workers, 7, outcomes=SOME, policy=acting.sponsors_tire,
            policy_parameters={"since": 6},
        )
        for workers in (1, 2)
    }  # fmt: skip
    assert found[1].values.tobytes() == found[2].values.tobytes()
    late = [partial(acting.sponsors_tire, since=6)]
    for k in range(4):
        alone = cisim.CollectiveImpactModel(TOWN, 7 + k, policies=late).run().outcomes(SOME)
        np.testing.assert_array_equal(found[2].values[k, :, -1], alone[SOME].to_numpy())
    plain = cisim.simulate(TOWN, 4, 1, 7, outcomes=SOME)
    assert (found[1].values[:, :7] == plain.values[:, :7]).all()  # the same luck, until it acts
    assert (found[1].at("sponsor_money") < plain.at("sponsor_money")).all()


def test_policies_of_scenario_and_run_both_act_before_the_month_and_after_its_events() -> None:
    seen = []

    def watch(model: cisim.CollectiveImpactModel) -> None:
        seen.append([sponsor.engagement for sponsor in model.agents_by_type[cisim.Sponsor]])

    event = {"kind": "sponsor-arrives", "month": 0}
    scenario = TOWN.with_(events=[event], months=1)
    scenario = scenario.with_policy(acting.sponsors_tire, {"since": 0, "share": 0.0})
    cisim.CollectiveImpactModel(scenario, policies=[watch]).run()
    assert seen == [[0.0] * 4]


@pytest.mark.parametrize(
    ("policy", "parameters", "said"),
    [
        (lambda model: None, {}, "policy is a lambda of test_policies, which no worker can import"),
        (acting.maker(), {}, "policy is maker.inner, a function within a function"),
        (partial(acting.nothing), {}, "policy is functools.partial("),
        (5, {}, "policy is 5; allowed is module:function"),
        ("acting", {}, "policy is 'acting'; allowed is module:function"),
        ("acting:", {}, "policy is 'acting:'; allowed is module:function"),
        ("os;:x", {}, "policy is 'os;:x'; allowed is module:function"),
        ("__main__:x", {}, "policy is __main__:x, of a script"),
        ("actin:x", {}, "actin cannot be imported (ModuleNotFoundError: No module named 'actin')"),
        ("acting:nothin", {}, "acting has no nothin. Did you mean nothing?"),
        ("acting:STRENGTH", {}, "policy is acting:STRENGTH, which is no function"),
        ("acting:waits", {}, "would do nothing when it is called (it awaits or yields)"),
        ("acting:takes_nothing", {}, "cannot be called with the model and what is given"),
        ("acting:asks_for_more", {}, "missing a required argument: 'more'"),
        ("acting:sponsors_tire", {"sinc": 1}, "no parameter 'sinc'. Did you mean since?"),
        ("acting:sponsors_tire", {"model": 1}, "has no parameter 'model'"),
        ("acting:nothing", {"x": 1}, "has no parameter 'x'. It takes none beside the model."),
        ("acting:takes_all", {"x": [1]}, "x is [1]; allowed is a number, true, false or a text"),
        ("acting:takes_all", {"x": np.inf}, "x is inf; allowed is a number"),
        (None, {"x": 1}, "policy_parameters are given without a policy"),
        ("math:sin", {}, "policy is math:sin, which is no function"),
    ],
)
def test_what_cannot_run_in_workers_is_refused_in_a_sentence_before_anything_starts(
    policy: object, parameters: dict[str, object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("something has started")

    monkeypatch.setattr(simulate, "warm", never)
    monkeypatch.setattr(simulate, "execute", never)
    for ask in (cisim.simulate, cisim.compare):
        with pytest.raises(InputError) as caught:
            ask(TOWN, 2, policy=policy, policy_parameters=parameters)  # type: ignore[operator]
        assert said in str(caught.value)
        assert len(caught.value.sentences) == 1


def test_a_function_of_a_script_is_refused_there(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import cisim\n\n\ndef acts(model):\n    pass\n\n\n"
        "cisim.simulate('no-backbone', 2, policy=acts)\n",
        "utf-8",
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, env=env)
    assert "InputError: policy is acts of the script or notebook that is running" in done.stderr


def test_a_static_method_of_a_class_is_found_by_its_whole_name() -> None:
    assert find_policy(acting.Held.still).function == "acting:Held.still"
    assert find_policy("acting:Held.still") == find_policy(acting.Held.still)


def test_a_policy_that_raises_is_quarantined_future_by_future() -> None:
    found = cisim.simulate(TOWN, 3, workers=2, outcomes=SOME, policy="acting:fails")
    assert [(one.seed, one.reason) for one in found.failed] == [(2, "ZeroDivisionError: of policy")]
    assert found.seeds.tolist() == [1, 3]


def test_one_scenario_is_compared_with_itself_without_the_policy() -> None:
    both = cisim.compare(TOWN, 2, 1, outcomes=SOME, policy="acting:sponsors_tire", beliefs="fixed")
    assert both.names == ("national-and-regional", "national-and-regional+sponsors_tire")
    plain = cisim.simulate(TOWN, 2, 1, outcomes=SOME)
    first, second = both.ensembles.values()
    assert first.values.tobytes() == plain.values.tobytes()
    assert (second.at("sponsor_money") < plain.at("sponsor_money")).all()
    assert second.scenario.title.endswith(", with sponsors tire")
    none = cisim.Scenario.load("no-backbone", world="one-town", months=18)
    all_ = cisim.compare(
        [none, TOWN], 2, 1, outcomes=SOME, policy="acting:sponsors_tire", beliefs="fixed"
    )
    assert all(one.scenario.policy for one in all_.ensembles.values())
    assert all_.names == ("no-backbone", "national-and-regional")


def test_a_second_policy_is_refused() -> None:
    with pytest.raises(InputError, match="under the policy acting:nothing already"):
        cisim.simulate(TOWN.with_policy(acting.nothing), 2, policy=acting.looks)


def test_a_result_is_known_by_name_parameters_and_source_of_its_policy(written: Path) -> None:
    def key(**given: object) -> str:
        return manifest_key(cisim.simulate(TOWN, 1, 1, outcomes=SOME, months=2, **given))  # type: ignore[arg-type]

    own = {"policy": "users_own:tire"}
    keys = [
        key(),
        key(policy="acting:sponsors_tire"),
        key(policy="acting:sponsors_tire", policy_parameters={"since": 4}),
        key(**own),
    ]
    assert len(set(keys)) == 4
    written.write_text(f"# a word beside it\n{OWN.format(0.5)}", "utf-8")
    _forget()
    assert key(**own) == keys[-1]
    written.write_text(OWN.format(0.25), "utf-8")
    _forget()
    assert key(**own) not in keys


def _forget() -> None:
    sys.modules.pop("users_own", None)


def test_the_manifest_says_what_ran_and_no_folder(tmp_path: Path, written: Path) -> None:
    found = cisim.simulate(TOWN, 1, 1, outcomes=SOME, policy="users_own:tire")
    said = json.dumps(write_ensembles(tmp_path / "out", found, "cisim"))
    policy = json.loads(said)["scenarios"][0]["policy"]
    assert policy["function"] == "users_own:tire"
    assert policy["parameters"] == {}
    assert len(policy["source"]) == 16
    assert str(tmp_path) not in said
    assert "It runs under the policy users_own:tire." in notes(found.scenario)
    assert "policy" not in describe(cisim.simulate(TOWN, 1, 1, outcomes=SOME), "")["scenarios"][0]


def test_a_file_that_has_changed_since_it_was_imported_is_refused(written: Path) -> None:
    before = TOWN.with_policy("users_own:tire")
    one = cisim.simulate(before, 1, 1, outcomes=SOME)
    written.write_text(OWN.format(0.25), "utf-8")
    with pytest.raises(InputError, match="file has changed since it was imported"):
        cisim.simulate(TOWN, 1, 1, policy="users_own:tire")
    same = cisim.simulate(before, 1, 1, outcomes=SOME)  # what was found goes on as it was
    assert same.values.tobytes() == one.values.tobytes()
    written.write_text("def tire(:", "utf-8")
    with pytest.raises(InputError, match="is no Python code now"):
        cisim.simulate(TOWN, 1, 1, policy="users_own:tire")


def test_workers_that_are_older_than_a_policy_run_it_as_it_is_now(written: Path) -> None:
    cisim.simulate(TOWN, 2, 2, outcomes=SOME)  # the processes are there
    for strength in (0.5, 0.25):
        written.write_text(OWN.format(strength), "utf-8")
        _forget()
        two = cisim.simulate(TOWN, 2, 2, outcomes=SOME, policy="users_own:tire")
        one = cisim.simulate(TOWN, 2, 1, outcomes=SOME, policy="users_own:tire")
        assert not two.failed
        assert two.values.tobytes() == one.values.tobytes()


def test_workers_refuse_a_policy_that_changed_after_it_was_found(written: Path) -> None:
    written.write_text(OWN.format(0.75), "utf-8")
    old = TOWN.with_policy("users_own:tire")
    written.write_text(OWN.format(0.125), "utf-8")
    executors.start(2)
    with pytest.raises(InputError, match="users_own:tire has changed on the disk since"):
        cisim.simulate(old, 2, 2, outcomes=SOME)


def test_what_ran_under_a_policy_comes_back_only_with_that_policy(written: Path) -> None:
    scenario = TOWN.with_policy("users_own:tire")
    said = json.loads(json.dumps(scenario.resolved()))
    assert cisim.Scenario.from_resolved(said, policy="users_own:tire") == scenario
    with pytest.raises(InputError, match="is code and is not run from a file; right would be"):
        cisim.Scenario.from_resolved(said)
    with pytest.raises(InputError, match="its function was users_own:tire and is acting:nothing"):
        cisim.Scenario.from_resolved(said, policy=acting.nothing)
    with pytest.raises(InputError, match="ran under no policy"):
        cisim.Scenario.from_resolved(TOWN.resolved(), policy=acting.nothing)
    written.write_text(OWN.format(0.25), "utf-8")
    _forget()
    with pytest.raises(InputError, match="its source was "):
        cisim.Scenario.from_resolved(said, policy="users_own:tire")


def test_money_of_a_scenario_under_a_policy_comes_back_with_it() -> None:
    paying = cisim.Scenario.load("national-and-regional", world="one-town", months=6)
    given = cisim.Scenario.load("same-total", world="one-town", months=6)
    both = cisim.compare(
        [paying.with_policy(acting.sponsors_tire), given], 2, 1, outcomes=SOME, beliefs="fixed"
    )  # fmt: skip
    for one in both.ensembles.values():
        said = json.loads(json.dumps(one.scenario.resolved()))
        again = cisim.Scenario.from_resolved(said, policy=acting.sponsors_tire)
        values = cisim.simulate(again, 2, 1, outcomes=SOME).values
        assert values.tobytes() == one.values.tobytes()


def test_a_file_cannot_name_a_policy(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('title = "Mine"\npolicy = "acting:nothing"\n', "utf-8")
    with pytest.raises(InputError, match="policy is not a field"):
        cisim.Scenario.load(file)


def test_a_saved_run_goes_on_only_with_its_policy_given_again(tmp_path: Path) -> None:
    scenario = TOWN.with_policy(acting.sponsors_tire)
    whole = cisim.CollectiveImpactModel(scenario).run().outcomes()
    path = cisim.CollectiveImpactModel(scenario).run(9).save(tmp_path / "half.npz")
    with pytest.raises(InputError, match=r"which is code and is not saved; give it again"):
        cisim.CollectiveImpactModel.load(path)
    rest = cisim.CollectiveImpactModel.load(path, policies=[acting.sponsors_tire]).run()
    np.testing.assert_array_equal(rest.outcomes().to_numpy(), whole.to_numpy())


def test_what_a_policy_moves_is_attributed_to_it() -> None:
    scenario = TOWN.with_policy("acting:sponsors_tire", {"since": 0})
    moved = cisim.attribute(scenario, "joint_activity", 0, 12)
    values = cisim.simulate(scenario, 1, 1, outcomes=["joint_activity"])
    change = values.at("joint_activity", 12)[0] - values.at("joint_activity", 0)[0]
    assert moved["part"].sum() == pytest.approx(change, abs=1e-9)
    moved = cisim.attribute(TOWN.with_policy(acting.breaks), "trust_eligible", 0, 12)
    assert moved.set_index("cause").loc["policy", "part"] < 0.0


def test_searches_and_the_plausible_space_take_a_policy(tmp_path: Path) -> None:
    town = TOWN.with_(months=6)
    plain = robust(town, 2, workers=1, out=tmp_path, policy=acting.nothing)
    assert plain.names == ("national-and-regional", "national-and-regional+nothing")
    assert (plain.values[:, 0] == plain.values[:, 1]).all()
    tired = robust(town, 2, workers=1, out=tmp_path, outcome="member_share",
                   policy=acting.sponsors_tire)  # fmt: skip
    assert tired.manifest is not None
    assert tired.manifest["scenarios"][1]["policy"]["function"] == "acting:sponsors_tire"
    found = [
        cisim.threshold(town, "effort_half", goal="sponsor_money >= 0", points=3, replicates=2,
                        workers=1, policy=policy)
        for policy in (None, acting.sponsors_tire)
    ]  # fmt: skip
    assert (found[1].outcomes < found[0].outcomes).all()


# --- the command line ------------------------------------------------------------------------


def test_the_command_line_finds_a_policy_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "users_own.py").write_text(
        "def tire(model, factor=1.0, since=0):\n"
        "    assert isinstance(since, int)\n"
        "    for sponsor in model.agents_by_type[__import__('cisim').Sponsor]:\n"
        "        sponsor.engagement *= factor if model.month >= since else 1.0\n",
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one])
    line = "compare national-and-regional --world one-town --months 6 --replicates 2 --workers 1"
    line += " --policy users_own:tire --policy-set factor=0.5 --policy-set since=2 --json"
    assert cli.main(line.split()) == 0
    said = json.loads(capsys.readouterr().out)
    names = [one["scenario"] for one in said["scenarios"]]
    assert names == ["national-and-regional", "national-and-regional+tire"]
    told = "It runs under the policy users_own:tire (factor = 0.5, since = 2)."
    assert any(told in note for note in said["notes"])
    assert cli.main([*line.split(), "--policy-set", "sinc=3"]) == 2
    assert "--policy users_own:tire has no parameter 'sinc'." in capsys.readouterr().err
    assert cli.main([*line.split(), "--policy-set", "since"]) == 2
    assert "--policy-set: 'since' is not name=value; right would be every=6." in (
        capsys.readouterr().err
    )
    _forget()


# --- the examples ----------------------------------------------------------------------------

FINLAND = cisim.Scenario.load("national-and-regional", months=26)


def test_regions_enter_one_after_the_other() -> None:
    scenario = FINLAND.with_policy(staged_entry, {"every": 6})
    plain = cisim.CollectiveImpactModel(FINLAND)
    may = plain.state.orgs.eligible.copy()
    model = cisim.CollectiveImpactModel(scenario)
    region = model.state.orgs.region
    for month in range(26):
        model.step()
        entered = region <= month // 6
        np.testing.assert_array_equal(model.state.orgs.eligible, may & entered)
        assert not model.state.orgs.member[~entered].any()
        if month % 6 == 5:
            staff = [model.backbone(row).staff for row in range(5)]
            assert [one > 0.1 for one in staff] == [row <= month // 6 for row in range(5)]
        if month % 6 == 0:
            new = may & model.state.orgs.founder & (region == month // 6)
            assert model.state.orgs.member[new].mean() > 0.5
    assert model.backbone().staff > 0


def test_communities_of_a_region_enter_the_largest_first() -> None:
    scenario = FINLAND.with_policy(staged_entry, {"every": 2, "by": "community"})
    model = cisim.CollectiveImpactModel(scenario)
    may = model.state.orgs.eligible.copy()
    state = model.state
    model.run(5)
    orgs, communities = state.orgs, state.communities
    local = orgs.community >= 0
    assert orgs.eligible[may & ~local].all()
    for row in range(5):
        mine = np.flatnonzero((communities.region == row) & communities.participating)
        there = np.unique(orgs.community[local & orgs.eligible & (orgs.region == row)])
        largest = sorted(mine.tolist(), key=lambda c: -communities.children[c])[:3]
        assert there.tolist() == sorted(largest)


def test_sponsors_take_the_chair_in_turn() -> None:
    model = cisim.CollectiveImpactModel(TOWN.with_policy(sponsor_rotation, {"every": 3}))
    chairs = []
    for _ in range(12):
        model.step()
        links = {one.kind: one.link for one in model.agents_by_type[cisim.Sponsor]}
        (chair,) = [kind for kind, link in links.items() if link == 1.0]
        assert sorted(links.values()) == [0.5, 0.5, 0.5, 1.0]
        chairs.append(chair)
    order = ["health", "education", "political", "municipal"]
    assert chairs == [kind for kind in order for _ in range(3)]
    next(one for one in model.agents_by_type[cisim.Sponsor] if one.kind == "health").leave()
    model.step()
    (chair,) = [one.kind for one in model.agents_by_type[cisim.Sponsor] if one.link == 1.0 and
                one.present]  # fmt: skip
    assert chair == "education"


@pytest.mark.parametrize(
    ("policy", "parameters"),
    [
        (staged_entry, {"every": 0}),
        (staged_entry, {"by": "country"}),
        (sponsor_rotation, {"every": 0}),
    ],
)
def test_the_examples_refuse_what_they_cannot_do(
    policy: object, parameters: dict[str, object]
) -> None:
    with pytest.raises(InputError, match="; allowed "):
        cisim.simulate(TOWN, 2, 1, policy=policy, policy_parameters=parameters)  # type: ignore[arg-type]
