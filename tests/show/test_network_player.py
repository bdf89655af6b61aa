"""The network over time: what a film keeps, how it is sent, and what the browser plays."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cisim.show.language.spoken import speaking
from cisim.show.page.network.film import LEVELS, LINES, NONE, Film, Packed, film, own_words
from cisim.show.page.network.happened import KINDS, Standing, between, notable, told
from cisim.show.page.network.places import places
from cisim.show.page.network.script import joined, template
from cisim.show.page.network.sent import MEMORY, ground, still, unrolled, whole

pytest.importorskip("solara")
pytest.importorskip("ipyvue")

from cisim.model.agents import Backbone, Organisation, Sponsor
from cisim.model.input_error import InputError
from cisim.model.model import CollectiveImpactModel
from cisim.world.scenario import Scenario, load_world
from cisim.world.world import World

HERE = Path(__file__).parents[2]
MODULES = HERE / "cisim/show/page/network"
MOST_BYTES, MOST_OF_A_MONTH = 100_000, 10_000


def town(months: int = 30, **changes: Any) -> Scenario:
    return Scenario.load("national-and-regional", world="one-town", months=months, **changes)


@pytest.fixture(scope="module")
def shot() -> Film:
    return film(town(), 7)


@pytest.fixture(scope="module")
def finland() -> list[Film]:
    return [film(Scenario.load(name), 3) for name in ("national-and-regional", "missing-sponsor")]


# what a film keeps ---------------------------------------------------------------------------


@pytest.mark.parametrize("month", [0, 1, 17, 30])
def test_a_film_tells_what_the_agents_say_within_half_a_step(shot: Film, month: int) -> None:
    model = CollectiveImpactModel(town(), 7).run(month)
    organisations = list(model.agents_by_type[Organisation])
    numbers = [one.number for one in organisations]
    k = shot.record(month)
    for name in LEVELS:
        level = getattr(shot, name)
        half = (level.high - level.low) / level.steps / 2 + 1e-12
        said = np.array([getattr(one, name) for one in organisations])
        assert np.abs(level.values[k, numbers] - said).max() <= half
    assert shot.member[k, numbers].tolist() == [one.member for one in organisations]
    assert shot.eligible[numbers].tolist() == [one.eligible for one in organisations]
    half = shot.time.high / 254 / 2 + 1e-12
    assert (
        np.abs(shot.time.values[k] - model.state.orgs.time[model.state.layout.order]).max() <= half
    )
    for backbone in model.agents_by_type[Backbone]:
        staff = shot.staff.values[k, backbone.row]
        assert staff == pytest.approx(backbone.staff, abs=shot.staff.high / 254)
    for sponsor in model.agents_by_type[Sponsor]:
        engagement = shot.engagement.values[k, sponsor.row]
        assert engagement == pytest.approx(sponsor.engagement, abs=1 / 254)
        money = shot.money.values[k, sponsor.row]
        assert money == pytest.approx(sponsor.resources, abs=shot.money.high / 254 + 1e-9)


def test_the_lines_of_a_month_are_the_pairs_that_met_in_it(shot: Film) -> None:
    model = CollectiveImpactModel(town(), 7)
    for month in range(1, 13):
        model.step()
        state = model.state
        met: list[set[tuple[int, int]]] = [set() for _ in LINES]
        for row in range(state.meetings_count):
            one = int(state.orgs.number[state.meetings.party[row]])
            other = int(state.orgs.number[state.ties.other[state.meetings.arc[row]]])
            kind = int(state.meetings.kind[row])
            met[(0, 1, 1, 2)[kind]].add((min(one, other), max(one, other)))
        for line in range(len(LINES)):
            rows = shot.met[shot.record(month)][line]
            assert {(int(a), int(b)) for a, b in shot.pairs[rows]} == met[line]


def test_a_film_tells_who_joined_and_left_and_whose_mandate_lapsed(shot: Film) -> None:
    model = CollectiveImpactModel(town(), 7)
    before = {one.number: one.member for one in model.agents_by_type[Organisation]}
    some = 0
    for month in range(1, 31):
        model.step()
        now = {one.number: one.member for one in model.agents_by_type[Organisation]}
        happened = shot.happened[shot.record(month)]
        assert set(happened.joined.tolist()) == {n for n in now if now[n] and not before[n]}
        assert set(happened.left.tolist()) == {n for n in now if before[n] and not now[n]}
        some += happened.joined.size
        before = now
    assert some > 3
    assert not shot.happened[0].joined.size


def standing(**changes: Any) -> Standing:
    usual = {
        "member": np.array([True, True, False]), "mandate": np.array([0.5, 0.5, 0.5]),
        "regard": np.array([0.5, 0.5, 0.5]), "working": np.array([True, True]),
        "present": np.array([True] * 4),
    }  # fmt: skip
    return Standing(**{**usual, **changes})


def test_what_happens_is_told_in_words_what_stands_above_others_first() -> None:
    world, names = load_world("one-town"), ["A", "B", "C"]
    after = standing(
        member=np.array([True, True, True]), mandate=np.array([0.29, 0.31, 0.1]),
        regard=np.array([0.5, 0.47, 0.1]), working=np.array([True, False]),
        present=np.array([True, False, True, True]),
    )  # fmt: skip
    happened = between(standing(), after)
    region = world.regions[0].name
    assert told(happened, ["election"], names, world) == (
        f"Majority changes. The backbone in {region} closes. A sponsor in {region} goes. C joins. "
        "B breaks promises and is trusted less. A: its mandate lapses."
    )
    back = between(after, standing(member=np.array([False, False, False])))
    assert told(back, [], names, world) == (
        f"The backbone in {region} begins to work. A sponsor in {region} comes. "
        "3 organisations leave."
    )
    assert told(between(None, after), [], names, world) == ""


def test_play_slows_down_for_what_is_rare_and_not_for_what_always_happens() -> None:
    quiet = between(None, standing())
    joins = between(standing(), standing(member=np.array([True, True, True])))
    closed = between(standing(), standing(working=np.array([True, False])))
    lapse = between(standing(), standing(mandate=np.array([0.1, 0.5, 0.5])))
    months = [quiet, joins, closed, lapse, lapse, quiet]
    events = [(), (), (), (), (), ("election",)]
    slow = notable(months, events, np.full(6, 100))
    assert slow.tolist() == [False, False, True, True, False, True]


def test_what_the_browser_decodes_is_what_the_film_keeps(shot: Film) -> None:
    sent = unrolled(whole(shot))
    assert sent["at"] is None
    for name in (*LEVELS, "time", "staff", "engagement", "money"):
        level, there = getattr(shot, name), sent[name]
        assert there["data"].reshape(level.bytes.shape).tolist() == level.bytes.tolist()
        assert (there["low"], there["high"], there["steps"]) == (level.low, level.high, level.steps)
    member = sent["member"]["data"].reshape(shot.member.shape).astype(bool)
    assert member.tolist() == shot.member.tolist()
    assert sent["eligible"]["data"].astype(bool).tolist() == shot.eligible.tolist()
    assert sent["pairs"]["data"].reshape(-1, 2).tolist() == shot.pairs.tolist()
    for k, record in enumerate(shot.met):
        for line, rows in enumerate(record):
            assert met_in(sent, k, line).tolist() == rows.tolist()
    for k, one in enumerate(shot.happened):
        for kind, name in enumerate(KINDS):
            assert happened_in(sent, k, kind).tolist() == getattr(one, name).tolist()
    places = unrolled(ground(shot))["places"]["data"].reshape(-1, 2)
    assert places[: shot.eligible.size] == pytest.approx(shot.places.organisations, abs=1e-5)


def met_in(sent: dict[str, Any], k: int, line: int) -> Any:
    """Return the rows of the pairs that met, as reel.js finds them."""
    ends = sent["ends"]["data"]
    return np.cumsum(sent["met"]["data"][ends[3 * k + line] : ends[3 * k + line + 1]])


def happened_in(sent: dict[str, Any], k: int, kind: int) -> Any:
    """Return who joined, left, broke a promise or lost a mandate, as reel.js finds them."""
    ends = sent["happened_ends"]["data"]
    return sent["happened"]["data"][ends[4 * k + kind] : ends[4 * k + kind + 1]]


@pytest.mark.parametrize("month", [0, 3, 17, 30])
def test_a_still_shows_its_month_as_the_whole_film_does(shot: Film, month: int) -> None:
    sent = unrolled(still(shot, month))
    k = shot.record(month)
    assert sent["at"] == k
    member = sent["member"]["data"].reshape(shot.member.shape).astype(bool)
    assert member[k].tolist() == shot.member[k].tolist()
    ever = shot.member[: k + 1].any(axis=0)
    assert member[: k + 1].any(axis=0).tolist() == ever.tolist()
    for name in (*LEVELS, "time", "staff", "engagement", "money"):
        level = getattr(shot, name).bytes
        assert sent[name]["data"].reshape(level.shape)[k].tolist() == level[k].tolist()
    pairs = sent["pairs"]["data"].reshape(-1, 2)
    for at in range(shot.months.size):
        for line, rows in enumerate(shot.met[at]):
            there = k - MEMORY <= at <= k
            met = shot.pairs[rows].tolist() if there else []
            assert pairs[met_in(sent, at, line)].tolist() == met
    for kind, name in enumerate(KINDS):
        assert happened_in(sent, k, kind).tolist() == getattr(shot.happened[k], name).tolist()
    assert (sent["told"], sent["slow"]) == ({str(k): shot.told()[k]}, shot.slow.tolist())
    assert f"const MEMORY = {MEMORY};" in joined("reel.js")


def test_levels_that_are_not_there_stay_so() -> None:
    kept = Packed.of(np.array([[0.25, np.nan], [1.0, 0.0]]), 0.0, 1.0)
    assert kept.bytes[0, 1] == NONE
    assert np.isnan(kept.values[0, 1])
    assert kept.values[1].tolist() == [1.0, 0.0]


@pytest.mark.parametrize("every", [4, 7])
def test_a_film_of_every_few_months_loses_no_meeting_and_ends_at_the_horizon(
    shot: Film, every: int
) -> None:
    short = film(town(), 7, every=every)
    assert short.months[0] == 0
    assert short.months[-1] == 30
    for line in range(len(LINES)):
        all_, some = set(), set()
        for record in shot.met:
            all_ |= {tuple(pair) for pair in shot.pairs[record[line]].tolist()}
        for record in short.met:
            some |= {tuple(pair) for pair in short.pairs[record[line]].tolist()}
        assert some == all_
    assert short.trust.bytes[-1].tolist() == shot.trust.bytes[-1].tolist()


def test_a_month_of_finland_is_at_most_10_kb_on_the_stage_and_ten_years_are_at_most_100(
    finland: list[Film],
) -> None:
    for one in finland:
        assert len(whole(one)) <= MOST_BYTES
        for month in (0, 60, 120):
            assert len(still(one, month, captioned=False)) <= MOST_OF_A_MONTH


def test_a_film_says_what_it_cannot_do() -> None:
    with pytest.raises(InputError, match="every is 0"):
        film(town(), 1, every=0)
    with pytest.raises(InputError, match="month is 31; allowed is 0 to 30"):
        film(town(), 7).table(31)


# places --------------------------------------------------------------------------------------


def test_places_are_the_same_in_all_scenarios_of_a_world_and_sent_once(finland: list[Film]) -> None:
    with_, without = map(ground, finland)
    assert with_ == without
    assert not unrolled(with_).keys() & unrolled(whole(finland[0])).keys()


def test_places_are_the_same_each_time() -> None:
    one, other = places(load_world("finland")), places(load_world("finland"))
    assert one is not other
    assert (one.organisations == other.organisations).all()
    assert one.bounds == other.bounds


def crowd(regions: int, locals_: int, bodies: int) -> World:
    return World(
        title="Crowd",
        source="made up",
        locals=["education"] * locals_,
        bodies=["health"] * bodies,
        regions=[
            {"name": f"R{r}", "communities": 1 + 5 * r % 13, "participating": 1,
             "mean_children": 1000.0, "seed_fte": 1.0}
            for r in range(regions)
        ],
    )  # fmt: skip


@pytest.mark.parametrize(
    "world",
    [
        load_world("finland"), load_world("one-town"), load_world("test-region"),
        crowd(1, 1, 0), crowd(2, 9, 1), crowd(3, 0, 20), crowd(12, 3, 6), crowd(30, 4, 2),
    ],
    ids=lambda world: f"{world.title} {len(world.regions)}",
)  # fmt: skip
def test_nobody_stands_on_anybody_and_all_are_on_the_sheet(world: World) -> None:
    spots = places(world)
    all_ = np.concatenate([spots.organisations, spots.backbones, spots.sponsors])
    apart = np.hypot(*(all_[:, None] - all_[None]).T)
    np.fill_diagonal(apart, 9.0)
    assert apart.min() > 0.6
    left, top, right, bottom = spots.bounds
    assert (all_ > [left, top]).all()
    assert (all_ < [right, bottom]).all()


def test_organisations_stand_in_their_region_bodies_in_its_middle() -> None:
    world = load_world("finland")
    spots = places(world)
    state = Scenario.load("no-backbone").build(1)
    order = state.layout.order
    for spot, region, community in zip(
        spots.organisations,
        state.orgs.region[order],
        state.orgs.community[order],
        strict=True,
    ):
        circle = spots.regions[region]
        away = np.hypot(*(spot - [circle.x, circle.y]))
        assert away < circle.radius
        if community < 0:
            assert away < circle.radius / 2
        else:
            home = spots.communities[community]
            assert np.hypot(*(spot - [home.x, home.y])) < home.radius


# words and tables ----------------------------------------------------------------------------


def test_the_summary_counts_who_takes_part(finland: list[Film]) -> None:
    for one in finland:
        members, eligible = int(one.member[120].sum()), int(one.eligible.sum())
        said = one.summary(120)
        assert f"Month 120. {members} of {eligible} eligible organisations take part" in said
        assert one.summaries()[120] == said
    assert "Sponsors' engagement is" in finland[0].summary(24)
    assert "No sponsor stands behind it." in finland[1].summary(24)


def test_the_caption_says_in_short_who_takes_part_and_who_supports_them(
    finland: list[Film],
) -> None:
    for one in finland:
        captions = one.captions()
        assert len(captions) == one.months.size
        assert max(map(len, captions)) <= 140
        eligible = int(one.eligible.sum())
        assert captions[0].startswith(f"{int(one.member[0].sum())} of {eligible} take part · ")
        change = int(one.member[120].sum()) - int(one.member[0].sum())
        assert f"({change:+d} since the start".replace("-", "−") in captions[120]
    with_, without = (one.captions()[24] for one in finland)
    assert re.search(r"posts of backbones \d+\.\d · sponsors are there$", with_)
    assert without.endswith("no\u00a0sponsor")
    alone = film(town(12).set({"national_fte": 0.0, "regional": False}), 7)
    assert "no\u00a0backbone" in alone.captions()[12]


def test_the_table_has_a_row_for_everybody(shot: Film) -> None:
    table = shot.table(30)
    assert table["name"].is_unique
    assert table["role"].value_counts().to_dict() == {
        "organisation": 30, "sponsor": 4, "backbone": 2,
    }  # fmt: skip
    organisations = table[table["role"] == "organisation"]
    assert organisations["takes_part"].sum() == shot.member[30].sum()
    assert organisations[list(LEVELS)].to_numpy().min() >= 0
    assert table.loc[table["role"] == "backbone", "mandate"].isna().all()
    named = shot.world.organisation_names
    assert tuple(table["name"][: len(named)]) == named
    assert list(table["name"][len(named) :]) == shot.names()[len(named) :]


def test_the_player_speaks_no_word_that_is_not_among_its_words() -> None:
    source = template()
    assert set(re.findall(r"\bwords\.(\w+)", source)) <= set(own_words())
    markup = source[: source.index("</template>\n\n<script>")]
    between = re.findall(r">([^<>{}]+)<", re.sub(r"\{\{.*?\}\}", "", markup))
    assert [text.strip() for text in between if re.search("[a-z]{2}", text)] == []
    assert not re.search(r"https?://|\beval\b|v-html|innerHTML", source)


def test_ends_of_colours_are_words_and_numbers_are_written_as_the_language_has_them() -> None:
    ends = {f"{level}_{end}" for level in LEVELS for end in ("low", "high")}
    assert ends <= set(own_words())
    with speaking("fi"):
        assert own_words()["language"] == "fi"
    script = joined("player.js")
    assert "this.words.language" in script
    assert ".toFixed(" not in script


def test_the_script_is_its_modules_each_once_what_is_imported_first() -> None:
    script = joined("player.js")
    names = [path.name for path in MODULES.glob("*.js")]
    assert len(names) >= 6
    for name in names:
        lines = [
            line.removeprefix("export ")
            for line in (MODULES / name).read_text(encoding="utf-8").splitlines()
            if not line.startswith(("import ", "export default"))
        ]
        assert script.count("\n".join(lines[-6:])) == 1, name
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    assert script.count("module.exports = {") == 1
    first = {word: script.index(f"const {word} = ") for word in ("mix", "camera", "keys")}
    assert first["mix"] < first["camera"] < script.index("...camera")
    assert script.index("class Reel") < script.index("new Reel")
    assert script in template()
    assert "@player.js" not in template()


# in a browser --------------------------------------------------------------------------------

APP = """
import solara
from cisim.show.page.network.film import film
from cisim.show.page.network.player import NetworkPlayer
from cisim.world.scenario import Scenario

FILMS = [film(Scenario.load(name), 1) for name in ("national-and-regional", "missing-sponsor")]

@solara.component
def Page():
    month, set_month = solara.use_state(24)
    NetworkPlayer(FILMS, month=month, on_month=set_month)
    solara.Text(f"The server is at {month}.", classes=["server"])
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("player")
    (folder / "app.py").write_text(APP)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "solara", "run", "app.py", "--host=127.0.0.1"]
    server = subprocess.Popen(
        [*command, f"--port={port}", "--no-open", "--production"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]),
            "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    where = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(where, timeout=2).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        yield where
    finally:
        server.terminate()
        server.wait(20)


class Visit:
    """A page with what went wrong on it and what was said to the server."""

    def __init__(self, browser: Any, address: str, **context: Any) -> None:
        self.context = browser.new_context(
            **{"viewport": {"width": 1100, "height": 800}, **context}
        )
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.traffic: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.wrong.append(said.text))
        self.page.on(
            "request",
            lambda asked: (
                asked.url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))
                or self.wrong.append(asked.url)
            ),
        )
        self.page.on("websocket", self._listen)
        self.page.goto(address)
        self.page.wait_for_selector(".cisim-net canvas[data-month]")

    def _listen(self, socket_: Any) -> None:
        socket_.on("framesent", lambda frame: self.traffic.append(str(frame)))
        socket_.on("framereceived", lambda frame: self.traffic.append(str(frame)))

    @property
    def month(self) -> int:
        return int(self.page.get_attribute(".cisim-net canvas", "data-month"))

    def live(self) -> str:
        return str(self.page.inner_text(".cisim-net [aria-live]"))


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Visit]:
    here = Visit(browser, address)
    yield here
    here.context.close()
    assert here.wrong == []


@pytest.mark.slow
@pytest.mark.browser
def test_it_plays_without_traffic_and_the_server_hears_of_the_pause(visit: Visit) -> None:
    page = visit.page
    assert page.locator(".cisim-net canvas").count() == 2
    assert visit.month == 24
    page.click(".cisim-net button.main")
    page.wait_for_function("Number(document.querySelector('canvas').dataset.month) > 26")
    before, began = len(visit.traffic), visit.month
    later = "began => Number(document.querySelector('canvas').dataset.month) > began + 4"
    page.wait_for_function(later, arg=began)
    assert visit.traffic[before:] == []
    page.click(".cisim-net button.main")
    page.wait_for_timeout(500)
    stopped = visit.month
    assert page.inner_text(".server") == f"The server is at {stopped}."
    page.wait_for_timeout(400)
    assert visit.month == stopped


MODULE = """async source => {
  const url = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
  return Object.keys(await import(url)) }"""


@pytest.mark.slow
@pytest.mark.browser
def test_each_module_is_one_that_a_browser_reads(browser: Any) -> None:
    page = browser.new_page()
    for path in MODULES.glob("*.js"):
        lines = path.read_text(encoding="utf-8").splitlines()
        alone = "\n".join(line for line in lines if not line.startswith("import "))
        if path.name != "player.js":  # which uses what it imports at once
            assert page.evaluate(MODULE, alone), path.name
    page.close()


ASKED_TWICE = """async ([source, packed]) => {
  const url = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
  const { inflated } = await import(url);
  const told = () => inflated(packed).then((film) => film.records, (error) => error.message);
  const kept = Response;
  self.Response = class { arrayBuffer() { return Promise.reject(new Error('no memory')) } };
  const first = await told();
  self.Response = kept;
  return [first, await told(), await inflated(packed) === await inflated(packed)] }"""


@pytest.mark.slow
@pytest.mark.browser
def test_a_film_that_could_not_be_inflated_is_inflated_when_it_is_asked_for_again(
    browser: Any, shot: Film
) -> None:
    page = browser.new_page()
    source = (MODULES / "reel.js").read_text(encoding="utf-8")
    told = page.evaluate(ASKED_TWICE, [source, whole(shot)])
    assert told == ["no memory", len(shot.happened), True]
    page.close()


@pytest.mark.slow
@pytest.mark.browser
def test_a_window_of_a_pixel_for_a_moment_does_not_stop_it(visit: Visit) -> None:
    page = visit.page
    page.click(".cisim-net button.main")
    page.wait_for_function("document.querySelector('.cisim-net').__vue__.shown > 24")
    page.set_viewport_size({"width": 1, "height": 1})
    size = """([wide, high]) => document.querySelectorAll('.cisim-net .stage').forEach(one => {
        one.style.width = wide; one.style.height = high })"""
    for small in (["1px", "1px"], ["0px", "0px"], ["5px", "400px"], ["600px", "3px"]):
        page.evaluate(size, small)
        page.wait_for_timeout(120)
    page.set_viewport_size({"width": 1100, "height": 800})
    page.evaluate(size, ["", ""])
    now = visit.month
    page.wait_for_function(
        "now => Number(document.querySelector('canvas').dataset.month) > now", arg=now, timeout=5000
    )


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("playing", [True, False])
def test_what_goes_wrong_in_one_frame_stops_no_other(
    browser: Any, address: str, playing: bool
) -> None:
    here = Visit(browser, address)
    page = here.page
    page.evaluate("""() => {
        const player = document.querySelector('.cisim-net').__vue__;
        const paint = player.paintOne;
        player.paintOne = () => { player.paintOne = paint; throw new Error('one frame') } }""")
    if playing:
        page.click(".cisim-net button.main")
    else:  # the way to a region is drawn frame by frame, too
        page.locator(".cisim-net select").first.select_option("1")
    page.wait_for_timeout(100)
    if playing:
        page.wait_for_function("Number(document.querySelector('canvas').dataset.month) > 25")
    else:
        still = "document.querySelector('.cisim-net').__vue__.eye.from === null"
        page.wait_for_function(still, timeout=5000)
    here.context.close()
    assert here.wrong == ["one frame"]


@pytest.mark.slow
@pytest.mark.browser
def test_what_a_month_is_stands_below_each_network_and_nothing_jumps(visit: Visit) -> None:
    page = visit.page
    read = """[...document.querySelectorAll('.cisim-net .said')].map(one =>
        [one.querySelector('span').textContent, one.offsetHeight])"""
    before, said = page.evaluate(read), visit.live()
    assert len(before) == 2
    assert all(" take part" in text for text, _ in before)
    page.click(".cisim-net button.main")
    page.wait_for_function("Number(document.querySelector('canvas').dataset.month) > 28")
    during = page.evaluate(read)
    assert [text for text, _ in during] != [text for text, _ in before]
    assert [high for _, high in during] == [high for _, high in before]
    assert visit.live() == said
    page.click(".cisim-net button.main")
    page.wait_for_function(
        "said => document.querySelector('.cisim-net [aria-live]').textContent !== said", arg=said
    )


@pytest.mark.slow
@pytest.mark.browser
def test_everything_is_said_and_done_by_keyboard(visit: Visit) -> None:
    page = visit.page
    page.locator(".cisim-net canvas").first.focus()
    page.keyboard.press("End")
    page.wait_for_function(
        "document.querySelector('.cisim-net [aria-live]').textContent.includes('Month 120')"
    )
    assert visit.live().startswith("National and regional backbones: Month 120. ")
    assert "Missing sponsor: Month 120. " in visit.live()
    page.wait_for_selector("text=The server is at 120.")
    named = set()
    for way in ("ArrowUp", "ArrowUp", "ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(way)
        named.add(visit.live())
    assert len(named) >= 5
    organisation = next(said for said in named if "trust" in said)
    assert "mandate" in organisation
    assert "resources" in organisation
    page.keyboard.press("PageUp")
    assert visit.live().startswith("National and regional backbones: Month 119. ")
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    page.keyboard.press("Home")
    page.wait_for_selector("text=The server is at 0.")


@pytest.mark.slow
@pytest.mark.browser
def test_the_missing_sponsor_looks_different_at_the_end(visit: Visit) -> None:
    count = """c => {
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let yellow = 0, drawn = 0;
        for (let k = 0; k < d.length; k += 4) {
            if (d[k + 3] > 0) drawn++;
            if (d[k] > 190 && d[k + 1] > 170 && d[k + 2] < 130 && d[k + 3] > 200) yellow++;
        }
        return [yellow, drawn];
    }"""
    visit.page.evaluate("dispatchEvent(new CustomEvent('cisim-seek', { detail: { month: 120 } }))")
    visit.page.wait_for_selector(".cisim-net canvas[data-month='120']")
    with_, without = (one.evaluate(count) for one in visit.page.query_selector_all("canvas"))
    assert min(with_[1], without[1]) > 10_000
    assert with_[0] > 5 * without[0]


@pytest.mark.slow
@pytest.mark.browser
def test_less_motion_means_steps_and_a_phone_needs_no_sideways_scroll(
    browser: Any, address: str
) -> None:
    here = Visit(browser, address, viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    wide = here.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]
    heights = here.page.evaluate("""async () => {
        const found = new Set();
        for (let month = 0; month <= 120; month += 4) {
            dispatchEvent(new CustomEvent('cisim-seek', { detail: { month } }));
            await new Promise((done) => setTimeout(done, 40));
            const said = [...document.querySelectorAll('.cisim-net .said')];
            found.add(said.map((one) => one.offsetHeight).join());
        }
        dispatchEvent(new CustomEvent('cisim-seek', { detail: { month: 24 } }));
        return [...found];
    }""")
    assert len(heights) == 1
    assert here.page.evaluate("document.querySelector('.cisim-net').__vue__.calm") is True
    here.page.click(".cisim-net button.main")
    here.page.wait_for_function("Number(document.querySelector('canvas').dataset.month) > 24")
    here.context.close()
    assert here.wrong == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_against_wcag(browser: Any, address: str, theme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    here = Visit(browser, address)
    here.page.evaluate(
        "theme => { document.querySelector('.cisim-net').__vue__.theme = theme; }", theme
    )
    here.page.wait_for_timeout(300)
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    found = axe.Axe().run(here.page, context=".cisim-net", options=rules)
    here.context.close()
    assert [one["id"] for one in found.response["violations"]] == []
