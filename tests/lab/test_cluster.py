"""A cluster of Dask: the same bits, little under way, and what is lost is told or done again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import acting
import dask_cluster
import nested
import pieces
import pytest

import cisim
from cisim import cli
from cisim.lab import executors
from cisim.lab.executors import Cluster, Ending, Local, Serial, driver, execute, there
from cisim.model.input_error import InputError

distributed = pytest.importorskip("distributed")
SOME = ["wellbeing_gain", "joint_activity"]
STEP = """
[[steps]]
title = "T"
scenario = "a.toml"
month = {0}
text = "There are {{members}}. So it is."
look = {{ outcome = "members" }}
predict = {{ question = "?", within = 1, then = {{ month = 3 }} }}
"""
STORY = 'title = "S"\nabout = "A"\nsource = "S"\n' + "".join(map(STEP.format, [0, 0, 1, 1, 2]))
TOWN = 'title = "a"\nworld = "one-town"\nstructure = "national-and-regional"\nmonths = 3\n'


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two workers that are threads of this process."""
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=False,
            protocol="tcp",
            dashboard_address=":0",
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as one,
    ):
        yield one


def run(executor: Any, function: Any, shared: Any, indexes: Any, **more: Any) -> Any:
    found: dict[int, Any] = {}
    ending = execute(function, shared, indexes, found.__setitem__, executor=executor, **more)
    return found, ending


def test_an_ensemble_has_the_same_bits_on_every_executor(client: Any) -> None:
    scenario = cisim.Scenario.load("national-and-regional", world="one-town", months=24)
    alone = cisim.simulate(scenario, 8, outcomes=SOME, executor=Serial())
    for executor in (Local(2), Cluster(client)):
        other = cisim.simulate(scenario, 8, outcomes=SOME, executor=executor)
        assert other.values.tobytes() == alone.values.tobytes()
        assert other.books is not None
        assert alone.books is not None
        assert other.books.tobytes() == alone.books.tobytes()
    with executors.on(Cluster(client)):
        other = cisim.simulate(scenario, 8, outcomes=SOME)
    assert other.values.tobytes() == alone.values.tobytes()


def test_a_sweep_has_the_same_bits_on_a_cluster(client: Any, tmp_path: Path) -> None:
    made = cisim.Experiment(
        ["no-backbone", "national-and-regional"],
        {"kind": "sobol", "points": 16, "vary": {"effort_half": {}, "regional_fte": {
            "low": 0.5, "high": 2.0}}},
        world="one-town", months=4, replicates=3, outcomes=SOME,
    )  # fmt: skip
    digest = made.run(executor=Serial()).digest()
    assert made.run(executor=Cluster(client)).digest() == digest

    def stop(done: int, total: int) -> None:
        if done > 20:
            raise KeyboardInterrupt

    begun = made.run(tmp_path, executor=Cluster(client), progress=stop)
    assert begun.there < begun.asked == 96
    assert made.run(tmp_path, executor=Serial()).digest() == digest


def test_an_executor_takes_the_place_of_workers() -> None:
    with pytest.raises(InputError, match=r"workers is 2 and executor is Serial\(\); allowed is"):
        cisim.simulate("no-backbone", 2, 2, executor=Serial())


def test_a_piece_that_raises_or_cannot_be_sent_is_quarantined(client: Any) -> None:
    for function in (pieces.raise_on, pieces.leave_on, pieces.unsendable_on):
        found, ending = run(Cluster(client), function, {3, 11}, range(20))
        assert sorted(found) == [index for index in range(20) if index not in (3, 11)]
        assert [fault.piece for fault in ending.failed] == [3, 11]
        assert not ending.incomplete


def test_only_so_many_chunks_are_under_way(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    most = 0
    submit = driver.Driver._submit

    def count(self: Any, *what: Any) -> None:
        nonlocal most
        submit(self, *what)
        most = max(most, len(self.under_way))

    monkeypatch.setattr(driver.Driver, "_submit", count)
    found, ending = run(Cluster(client), pieces.process_of, 0.0005, range(3000))
    assert len(found) == 3000
    assert ending == Ending([], False)
    assert 2 <= most <= 4


def test_a_job_is_sent_to_a_worker_that_has_lost_it(client: Any) -> None:
    def forget(done: int, total: int) -> None:
        there._jobs.clear()

    found, ending = run(Cluster(client), pieces.square, 3, range(3), progress=forget)
    assert sorted(found) == [0, 1, 2]
    assert ending == Ending([], False)


def test_a_piece_that_never_ends_is_left_behind_and_quarantined(client: Any) -> None:
    found, ending = run(Cluster(client, timeout=0.3), pieces.sleep_on, {2}, range(6))
    assert sorted(found) == [0, 1, 3, 4, 5]
    assert [(fault.piece, fault.kind) for fault in ending.failed] == [(2, "Hung")]
    assert "did not end within 0.3 s" in ending.failed[0].reason


def test_a_task_of_dask_works_alone_and_says_so(client: Any) -> None:
    executors.close()
    with pytest.warns(RuntimeWarning, match="workers is 2; this process is a worker of another"):
        assert client.submit(nested.ask, 2, pure=False).result() == 2
    assert executors.pool._pool is None


def test_ctrl_c_keeps_what_is_done(client: Any) -> None:
    def stop(done: int, total: int) -> None:
        if done >= 5:
            raise KeyboardInterrupt

    found, ending = run(Cluster(client), pieces.process_of, 0.02, range(500), progress=stop)
    assert 5 <= len(found) < 500
    assert ending.incomplete


def test_the_command_line_does_its_runs_there(
    client: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    submit = driver.Driver._submit
    monkeypatch.setattr(
        driver.Driver, "_submit", lambda self, *what: [sent.append(1), submit(self, *what)]
    )
    line = ["compare", "no-backbone", "national-and-regional", "--world", "one-town", "--months"]
    line += ["12", "--replicates", "4", "--json", "--quiet"]
    address = client.scheduler.address
    found = []
    for more in (["--workers", "1"], ["--cluster", address], ["--uncertain", "--points", "2"]):
        if more[0] == "--uncertain":  # whatever a command runs is done there
            more, line = [*more, "--cluster", address], [*line[:7], "--quiet"]
            sent.clear()
        assert cli.main([*line, *more]) == 0
        assert bool(sent) == ("--cluster" in more)
        found.append(capsys.readouterr().out)
    assert found[0] == found[1]
    assert cli.main([*line, "--cluster", "nonsense"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "cluster is 'nonsense', and no scheduler of Dask answers there" in err


def test_a_story_and_what_is_made_again_or_verified_are_run_there_too(
    client: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    submit = driver.Driver._submit
    monkeypatch.setattr(
        driver.Driver, "_submit", lambda self, *what: [sent.append(1), submit(self, *what)]
    )
    address, made = client.scheduler.address, str(tmp_path / "made")
    line = ["no-backbone", "national-and-regional", "--world", "one-town", "--months", "3"]
    line = ["compare", *line, "--uncertain", "--points", "2", "--workers", "1", "--out", made]
    assert cli.main(line) == 0
    story = tmp_path / "story.toml"
    story.write_text(STORY, "utf-8")
    (tmp_path / "a.toml").write_text(TOWN, "utf-8")
    for words in (["story", str(story), "--replicates", "2"], ["rerun", made], ["verify", made]):
        assert not sent
        assert cli.main([*words, "--quiet", "--cluster", address]) == 0
        assert sent
        sent.clear()
        assert cli.main([*words, "--quiet", "--workers", "1", "--cluster", address]) == 2
        assert "--workers would change nothing here" in capsys.readouterr().err


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["nonsense", "foo://a:1", "tcp://127.0.0.1:1"])
def test_where_no_scheduler_answers_one_sentence_says_so(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors.cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(InputError, match=r"cluster is .*; allowed is an address such as tcp://"):
        run(Cluster(where), pieces.square, 3, range(3))


def test_where_dask_itself_fails_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its loop asserts, without a word, where it has ended before it began."""

    def fail(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(distributed, "Client", type("Client", (), {"__init__": fail}))
    with pytest.raises(InputError, match=r"cluster is .* answers there \(AssertionError\);"):
        run(Cluster("tcp://127.0.0.1:1"), pieces.square, 3, range(3))


@pytest.mark.parametrize("where", [None, 3, " "])
def test_a_cluster_is_an_address_or_a_client(where: Any) -> None:
    with pytest.raises(InputError, match=r"cluster is .*; allowed is the address of a scheduler"):
        Cluster(where)


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), True, "1"])
def test_a_timeout_is_a_number_above_nothing(timeout: Any) -> None:
    for make in (lambda: Local(2, timeout), lambda: Cluster("tcp://a:1", timeout)):
        with pytest.raises(InputError, match=r"timeout is .*; allowed is a number of seconds"):
            make()


@pytest.mark.parametrize(
    ("here", "said"),
    [
        ({"python": "3.10"}, r"worker \S+ has Python 3\.\d+ and this is 3\.10"),
        ({"cisim": "0.0.9"}, r"worker \S+ has cisim \S+ and this is 0\.0\.9"),
        ({"model": "0" * 16}, r"worker \S+ has another cisim \S+: the code of its model"),
    ],
)
def test_workers_that_differ_are_refused_before_anything_starts(
    client: Any, here: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = there.stamp()._replace(**here)
    monkeypatch.setattr(executors.cluster, "stamp", lambda: other)
    with pytest.raises(InputError, match=said + ".*; allowed are workers with this Python"):
        run(Cluster(client), nested.never, None, range(3))


def test_a_worker_that_comes_later_and_differs_stops_the_work(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(done: int, total: int) -> None:
        there._jobs.clear()
        other = there.stamp()._replace(cisim="0.0.9")
        monkeypatch.setattr(driver, "stamp", lambda: other)

    said: list[str] = []
    found, ending = run(
        Cluster(client), pieces.square, 3, range(20), progress=change, say=said.append
    )
    assert 0 < len(found) < 20
    assert ending.incomplete
    assert "what is finished is kept: worker" in said[0]
    assert "has cisim" in said[0]


def test_a_policy_that_workers_cannot_have_is_refused_before_anything_starts(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = cisim.Scenario.load("no-backbone", world="one-town", months=2)
    scenario = scenario.with_policy(acting.nothing)
    assert cisim.simulate(scenario, 2, outcomes=SOME, executor=Cluster(client)).replicates.size == 2
    changed = scenario.policy.model_copy(update={"source": "0" * 16})
    wrong = scenario.model_copy(update={"policy": changed})
    with pytest.raises(InputError, match=r"worker \S+ cannot have a policy: policy acting:nothing"):
        cisim.simulate(wrong, 2, outcomes=SOME, executor=Cluster(client))


# --- processes -------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_worker_without_cisim_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "cisim"
    other.mkdir()
    (other / "__init__.py").write_text("__version__ = '0.0.1'\n")
    with dask_cluster.processes(0) as cluster, Cluster(cluster.address) as executor:
        cluster.add(path=[tmp_path])
        with pytest.raises(InputError, match=r"worker tcp://\S+ has no cisim, or another than "):
            run(executor, pieces.square, 3, range(3))


@pytest.mark.slow
def test_a_piece_that_kills_its_worker_is_quarantined_alone() -> None:
    with dask_cluster.processes(2) as cluster, Cluster(cluster.address) as executor:
        found, ending = run(executor, pieces.kill_on, {9}, range(40))
    assert sorted(found) == [index for index in range(40) if index != 9]
    assert [(fault.piece, fault.kind) for fault in ending.failed] == [(9, "Killed")]
    assert not ending.incomplete


CONTINUED = """
import sys
import numpy as np
import pieces
from cisim.lab.executors import Cluster, Local, Serial
from cisim.lab.executors import on
from cisim.lab.resume import Parts, continue_work
from cisim.lab.store.keys import key_of
from pathlib import Path

folder, where, many = sys.argv[1:]
keys = [key_of({"piece": piece}) for piece in range(int(many))]
executor = {"serial": Serial, "local": lambda: Local(2)}.get(where, lambda: Cluster(where))()
with on(executor):
    done = continue_work(pieces.row, 0.02, keys, Parts(Path(folder), ["a", "b"]), workers=1,
                         progress=lambda done, total: print(done, flush=True),
                         say=lambda words: print("said", words, flush=True))
print("digest", done.rows.tobytes().hex()[-64:], int(done.finished.sum()), flush=True)
raise SystemExit(130 if done.incomplete else 3 if done.failed else 0)
"""


@pytest.mark.slow
def test_a_worker_and_then_the_scheduler_are_killed_and_it_ends_here_with_the_same_bits(
    tmp_path: Path,
) -> None:
    many = 600
    with dask_cluster.processes(2) as cluster:
        process = dask_cluster.python(CONTINUED, str(tmp_path / "a"), cluster.address, str(many))
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("said"):
                continue
            done = int(line)
            if done > 100 and cluster.workers[0].poll() is None:
                dask_cluster.kill(cluster.workers[0])
            if done > 300:
                cluster.scheduler.kill()
                break
        rest, _ = process.communicate(timeout=120)
        assert process.returncode == 130, rest
        assert "was lost; what is finished is kept." in rest
    again = dask_cluster.python(CONTINUED, str(tmp_path / "a"), "local", str(many))
    out, _ = again.communicate(timeout=120)
    assert again.returncode == 0
    assert "are there from before." in out
    whole = dask_cluster.python(CONTINUED, str(tmp_path / "b"), "serial", str(many))
    expected, _ = whole.communicate(timeout=120)
    assert out.splitlines()[-1] == expected.splitlines()[-1]
    assert expected.splitlines()[-1].endswith(f" {many}")
