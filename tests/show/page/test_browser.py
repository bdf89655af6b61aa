"""The page in a real browser, as visitors use it."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from cisim.show.page.words import say
from cisim.version import __version__

pytestmark = [pytest.mark.slow, pytest.mark.browser]

TOWN = f"world=one-town&version={__version__}"
END = f"{TOWN}&month=120"
VIEWS = ("start", "explore", "compare", "own", "track", "studies", "about")


def shows(page: Any, text: str) -> None:
    page.get_by_text(text).first.wait_for()


def reads(page: Any, selector: str, text: str) -> None:
    """Wait until the first such element reads so; parts of the page follow one another."""
    page.wait_for_function(
        "([selector, text]) => document.querySelector(selector)?.innerText.includes(text)",
        arg=[selector, text],
    )


def opens(page: Any, panel: str) -> Any:
    """Open a panel beside the stage, unless it is open; return it."""
    button = page.locator("button[aria-expanded]").get_by_text(panel, exact=True)
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    drawer = page.locator(f"aside[aria-label='{panel}']")
    drawer.wait_for()
    return drawer


def month(page: Any, value: int, *, release: bool = True) -> None:
    """Move the one month, and let go of it."""
    page.locator("#month").evaluate(
        "(e, [value, release]) => { e.value = value;"
        "e.dispatchEvent(new Event('input', {bubbles: true}));"
        "if (release) e.dispatchEvent(new Event('change', {bubbles: true})) }",
        [value, release],
    )


def slide(page: Any, name: str, value: float, *, release: bool = True) -> None:
    opens(page, "Levers")
    page.locator(f"#lever-{name}").evaluate(
        "(e, [value, release]) => { e.value = value;"
        "e.dispatchEvent(new Event('input', {bubbles: true}));"
        "if (release) e.dispatchEvent(new Event('change', {bubbles: true})) }",
        [value, release],
    )


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_opens_and_says_what_it_is(visitor: Any, view: str) -> None:
    page = visitor.go(f"view={view}")
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.evaluate("document.documentElement.lang") == "en"
    current = page.locator("nav a[aria-current=page]").inner_text()
    assert current == say(f"views.{view}")


def test_start_shows_four_stories_with_charts_and_opens_one(visitor: Any) -> None:
    page = visitor.go("view=start")
    page.wait_for_function("document.querySelectorAll('.cards svg').length === 4", timeout=120_000)
    page.get_by_role("button", name="Explore: Missing sponsor").click()
    page.locator("h1", has_text="Missing sponsor").wait_for()
    assert "scenario=missing-sponsor" in page.url


def test_a_slider_changes_chart_and_address_and_undo_brings_both_back(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{END}")
    visitor.ready(200)
    ends = "[...document.querySelectorAll('.chart svg text.label')].map(e => e.textContent).join()"
    before = page.locator(".now-level").inner_text(), page.evaluate(ends)
    assert not page.locator(".chart svg .ghost").count()
    slide(page, "national_fte", 12)
    page.wait_for_url("**set=national_fte:12**")
    visitor.ready(200)
    page.wait_for_function(f"old => {ends} !== old", arg=before[1])
    # the path that was there before stays as a ghost, and the sentence begins with the difference
    assert page.locator(".chart svg .ghost").count() == 1
    assert page.locator(".spark .ghost").count() == 5
    reads(page, ".headline", "of 200 futures: ")
    assert page.inner_text(".headline").startswith("Better than before in ")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function(f"old => {ends} === old", arg=before[1])
    assert "national_fte" not in page.url
    reads(page, ".now-level", before[0])
    page.get_by_role("button", name="Redo").click()
    page.wait_for_url("**set=national_fte:12**")


DRAG = """async () => {
  const knob = document.querySelector('#lever-sponsor_link');
  const seen = new Set();
  for (let step = 0; step < 600 && seen.size < 4; step += 1) {
    knob.value = 0.1 + 0.8 * (step % 40) / 40;
    knob.dispatchEvent(new Event('input', {bubbles: true}));
    await new Promise(done => setTimeout(done, 70));
    seen.add(document.querySelector('.chart svg').id);
  }
  return seen.size }"""
RELEASE = """async () => {
  const knob = document.querySelector('#lever-national_fte');
  const older = () => document.querySelector('.answer').classList.contains('stale');
  const answer = () => document.querySelector('.now-level').textContent.trim();
  const state = () => (older() ? 'older ' : '') + answer();
  const seen = [state()];
  let watching = true;
  const watch = () => {
    if (state() !== seen[seen.length - 1]) seen.push(state());
    if (watching) requestAnimationFrame(watch) };
  watch();
  for (const value of [3, 2, 1, 0]) {
    knob.value = value;
    knob.dispatchEvent(new Event('input', {bubbles: true}));
    await new Promise(done => setTimeout(done, 80));
  }
  knob.dispatchEvent(new Event('change', {bubbles: true}));
  while (!location.search.includes('national_fte:0') || state().startsWith('older'))
    await new Promise(done => setTimeout(done, 50));
  watching = false;
  return seen }"""


def test_a_drag_is_answered_while_it_goes_on(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{END}")
    visitor.ready(200)
    opens(page, "Levers")
    assert page.evaluate(DRAG) == 4


def test_an_older_answer_is_never_shown_as_the_new_one(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{END}")
    visitor.ready(200)
    opens(page, "Levers")
    seen = page.evaluate(RELEASE)
    assert seen[0] not in seen[1:], seen


def test_the_last_change_is_replayed(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{END}")
    visitor.ready(200)
    replay = page.get_by_role("button", name="Replay the last change")
    assert replay.is_disabled()
    before = page.locator(".now-level").text_content().strip()
    slide(page, "national_fte", 0)
    page.wait_for_url("**set=national_fte:0**")
    changed = "old => document.querySelector('.now-level').textContent.trim() !== old"
    page.wait_for_function(changed, arg=before)
    visitor.ready(200)
    after = page.locator(".now-level").text_content().strip()
    replay.click()
    shows(page, "Before the last change (National staff: 4 → 0)")
    same = "old => document.querySelector('.now-level').textContent.trim() === old"
    page.wait_for_function(same, arg=before)
    shows(page, "After it: National staff: 4 → 0")
    page.wait_for_function(same, arg=after)
    assert "set=national_fte:0" in page.url


def test_another_scenario_is_chosen_in_the_same_place(visitor: Any) -> None:
    page = visitor.go(f"view=explore&outcome=member_share&month=60&{TOWN}&set=trust_memory:60")
    page.locator(".heading-area select").select_option("missing-sponsor")
    page.locator("h1", has_text="Missing sponsor: One town").wait_for()
    for kept in ("world=one-town", "outcome=member_share", "month=60"):
        assert kept in page.url
    assert "trust_memory" not in page.url


def test_the_staff_of_every_region_can_be_set_and_left_to_the_plan(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{TOWN}")
    opens(page, "Levers")
    page.get_by_role("button", name="More levers").click()
    page.locator("summary").get_by_text("Backbones", exact=True).click()
    box = page.get_by_label("Staff of every region, exact value")
    assert box.get_attribute("placeholder") == "as planned"
    box.fill("2")
    box.press("Tab")
    page.wait_for_url("**set=regional_fte:2**")
    page.wait_for_selector(".control.changed #lever-regional_fte")  # as it now stands
    box.fill("")
    box.press("Tab")
    page.wait_for_function("!location.search.includes('regional_fte')")


def test_a_slider_that_is_held_answers_before_it_is_let_go(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{TOWN}")
    visitor.ready(200)
    old = page.locator(".chart svg").first.inner_html()
    slide(page, "sponsor_link", 0, release=False)
    page.wait_for_function("old => document.querySelector('.chart svg').innerHTML !== old", arg=old)
    assert "sponsor_link" not in page.url


def test_a_wrong_number_gets_a_sentence_and_keeps_the_picture(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{TOWN}")
    visitor.ready(20)
    opens(page, "Levers")
    box = page.get_by_label("Link of sponsors to the backbone, exact value")
    box.fill("7")
    box.press("Enter")
    page.get_by_role("alert").get_by_text("allowed is").wait_for()
    assert page.locator(".chart svg").count() == 1
    assert "sponsor_link" not in page.url


def test_a_link_shows_the_same_again(visitor: Any) -> None:
    query = f"view=explore&{TOWN}&outcome=member_share&set=trust_memory:60&month=48&seed=7"
    page = visitor.go(query)
    visitor.ready(200)
    seen = page.locator(".headline").inner_text(), page.locator(".chart svg").first.inner_html()
    assert page.get_by_label("Outcome").input_value() == "member_share"
    url = page.url
    page.goto("about:blank")
    page.goto(url)
    visitor.ready(200)
    reads(page, ".headline", seen[0])
    page.wait_for_function(
        "old => document.querySelector('.chart svg').innerHTML === old", arg=seen[1]
    )
    assert page.get_by_role("alert").count() == 0


def test_a_damaged_link_opens_the_default_and_says_what_was_ignored(visitor: Any) -> None:
    page = visitor.go(
        "view=explore&scenario=mising-sponsor&set=trust_memory:%7B&seed=x&version=0.0.1"
    )
    said = page.get_by_role("alert").inner_text()
    assert "Did you mean missing-sponsor?" in said
    for name in ("set in the link", "seed in the link", "made with version"):
        assert name in said
    reads(page, "h1", "National and regional backbones")
    page.get_by_role("button", name="Close").click()
    page.wait_for_function("!document.querySelector('[role=alert]')")


def test_compare_gives_verdicts_differences_costs_and_a_report(visitor: Any) -> None:
    page = visitor.go(f"view=compare&{TOWN}")
    visitor.ready(200)
    reads(page, ".verdict", "of 200 futures")
    assert page.locator(".verdict").count() == 2
    page.locator(".chart svg").wait_for()
    opens(page, "Differences").locator(".chart svg").wait_for()  # one of each, once inflated
    shows(page, "Link of sponsors to the backbone")
    opens(page, "Cost")
    shows(page, "lasting exclusions (")
    # asked for at once: it waits by itself for the less generous values
    opens(page, "Report").get_by_role("button", name="Make the full report").click()
    opens(page, "What decides it")
    card = page.locator("section", has=page.get_by_role("heading", name="How sure is that?"))
    page.wait_for_function(
        "[...document.querySelectorAll('.card.sure')].some("
        "e => (e.innerText.match(/of 20(?!\\d)/g) || []).length >= 4)"
    )
    rows = card.locator("tbody tr")
    assert [row.split()[0] for row in rows.locator("th").all_text_contents()] == ["as", "1", "3"]
    assert rows.locator("td").count() == 6
    assert "of 200" in rows.nth(0).inner_text()
    assert "20" in rows.nth(2).inner_text()
    with page.expect_popup() as opened:
        opens(page, "Report").get_by_role("link", name="Open it in a new tab").click()
    report = opened.value
    report.wait_for_selector("h1")
    heads = report.locator("#effort-half thead th").all_inner_texts()
    assert [head.split()[1] for head in heads[1:]] == ["0.61", "1", "3"]
    assert all("20 futures" in head for head in heads[1:]), "in all others it is believed"
    assert "luck and beliefs of its own" in report.content()
    assert "was not run" not in report.content()
    opens(page, "What decides it")
    page.get_by_label("Outcome").select_option("trust_eligible")
    page.wait_for_function("!document.querySelector('.card.sure')")


@pytest.mark.parametrize("world", ["one-town", "county"])
def test_compare_shows_who_pays_what_in_which_year(visitor: Any, world: str) -> None:
    page = visitor.go(f"view=compare&world={world}&version={__version__}")
    visitor.ready(20)
    opens(page, "Cost")
    page.wait_for_selector(".paid .chart svg")
    card = page.locator("section", has=page.get_by_role("heading", name="Who pays what in which"))
    tables = card.locator("table")
    assert tables.count() == 3
    heads = tables.nth(1).locator("thead th").all_text_contents()
    assert heads[1] == ("2026" if world == "county" else "year 1")
    assert heads[-1] == "All years"
    years = tables.nth(1).locator(".sum td").last.inner_text()
    card.get_by_label("Shown in").select_option("money")
    money = tables.nth(1).locator(".sum td").last.inner_text()
    assert float(money.replace(",", "")) > 10 * float(years)
    chart = page.locator(".paid .chart")
    assert "Foundation" in chart.locator("svg text").all_text_contents()
    with page.expect_download() as download:
        chart.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename.startswith("compare-bill-")


def test_communities_are_shown_and_sent_once_somebody_asks(visitor: Any) -> None:
    sent: list[int] = []

    def hear(socket: Any) -> None:
        socket.on("framereceived", lambda frame: sent.append(len(frame)))

    visitor.page.on("websocket", hear)
    page = visitor.go(f"view=compare&{TOWN}")
    visitor.ready(200)
    opens(page, "Cost")
    page.wait_for_selector(".paid .chart svg")
    assert not page.locator(".gained .chart").count()
    page.wait_for_timeout(1000)
    before = sum(sent)
    page.get_by_role("button", name="Show the communities").click()
    page.wait_for_selector(".gained .chart svg")
    assert 0 < sum(sent) - before < 40_000
    tiles = page.locator(".gained .chart")
    assert "6 of 6" in tiles.locator("svg text").all_text_contents()
    before = len(sent)
    page.get_by_role("button", name="Hide the communities").click()
    page.wait_for_function("!document.querySelector('.gained .chart')")
    assert sum(sent[before:]) < 10_000


def test_components_and_functions_are_run_and_sent_once_somebody_asks(visitor: Any) -> None:
    sent: list[int] = []

    def hear(socket: Any) -> None:
        socket.on("framereceived", lambda frame: sent.append(len(frame)))

    visitor.page.on("websocket", hear)
    page = visitor.go(f"view=compare&{END}")
    visitor.ready(200)
    assert not page.locator(".inside .chart").count()
    page.wait_for_timeout(1000)
    before = sum(sent)
    opens(page, "Structure")
    page.wait_for_selector(".inside .chart svg")
    titles = page.locator(".inside .chart svg title").all_text_contents()
    assert [one.partition(":")[0] for one in titles] == [
        "How far each of the seven components is there",
        "Which functions of leadership are exercised",
        "Who carries which function of leadership",
    ]
    assert 0 < sum(sent) - before < 40_000
    assert "means over 20 futures" in page.locator(".inside .opened").inner_text()
    before = len(sent)
    page.get_by_role("button", name="Hide components and functions").click()
    page.wait_for_function("!document.querySelector('.inside .chart')")
    assert sum(sent[before:]) < 10_000


def test_what_is_explored_is_compared_with_where_it_started(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{TOWN}&set=sponsor_link:0")
    page.get_by_role("button", name="Compare with its start").click()
    page.wait_for_url("**compare=national-and-regional,mine**")
    page.locator(".verdict").first.wait_for()
    assert page.locator(".verdict").count() == 1


def test_identical_scenarios_are_not_told_apart(visitor: Any) -> None:
    page = visitor.go(f"view=compare&{TOWN}&compare=national-and-regional,mine")
    visitor.ready(20)
    shows(page, "the same in every one of")
    opens(page, "Differences")
    shows(page, "Nothing differs")


def test_a_branch_goes_on_from_the_same_state(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{TOWN}")
    visitor.ready(200)
    opens(page, "What if")
    area = page.locator("section[aria-labelledby=events]")
    area.get_by_role("spinbutton", name="Month", exact=True).fill("36")
    area.get_by_role("button", name="Branch here").click()
    page.wait_for_url("**branch=**")
    visitor.ready(200)
    shows(page, "With the branch, children's wellbeing")
    page.locator(".chart .behind summary").first.click()
    page.locator(".chart").first.get_by_role("button", name="Table").click()
    page.wait_for_selector(".chart table tbody tr")
    rows = page.locator(".chart table tbody tr").all_inner_texts()
    cells = [row.split("\t") for row in rows]
    by_month: dict[str, set[str]] = {}
    for row in cells:
        by_month.setdefault(row[1], set()).add("|".join(row[2:]))
    assert len(by_month["36"]) == 1
    assert len(by_month["120"]) == 2
    mover = page.get_by_label("Month of Branch: Sponsor leaves")
    mover.focus()
    mover.press("ArrowLeft")
    page.wait_for_function("decodeURIComponent(location.search).includes('\"month\":35')")
    area.get_by_role("button", name="Keep the branch").click()
    page.wait_for_url("**event=**")
    area.locator("li:not(.branching)", has_text="Sponsor leaves").wait_for()


def test_events_are_added_moved_and_removed(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{TOWN}")
    visitor.ready(200)
    opens(page, "What if")
    area = page.locator("section[aria-labelledby=events]")
    area.get_by_label("Event").select_option("reform")
    area.get_by_role("spinbutton", name="Month", exact=True).fill("24")
    area.get_by_role("button", name="Add as an event").click()
    page.wait_for_url("**event=**")
    area.locator(".strip li").wait_for()
    month(page, 24)
    page.wait_for_url("**month=24**")
    # its mark, the line through all curves and the one of the chart stand where the knob is
    apart = """() => {
      const middle = one => {
        const box = one.getBoundingClientRect();
        return box.left + box.width / 2 };
      const knob = document.querySelector('#month').getBoundingClientRect();
      const at = knob.left + 8 + (knob.width - 16) * 24 / 120;
      return ['.marks li span', '.cursor-line'].map(name =>
        Math.abs(middle(document.querySelector(name)) - at)) }"""
    assert max(page.evaluate(apart)) < 4
    page.wait_for_selector(".chart .month-cursor[data-month='24']", state="attached")
    mover = page.get_by_label("Month of Reform")
    mover.focus()
    mover.press("ArrowRight")
    page.wait_for_function("decodeURIComponent(location.search).includes('\"month\":25')")
    page.get_by_role("button", name="Remove Reform").click()
    page.wait_for_function("!location.search.includes('event=')")


def test_a_world_with_a_start_speaks_of_dates_everywhere(visitor: Any) -> None:
    event = '{"kind":"sponsor-leaves","month":"2028-03"}'
    page = visitor.go(f"view=explore&world=county&version={__version__}&event={event}&month=120")
    visitor.ready()
    reads(page, ".course output", "January 2036")
    opens(page, "What if")
    reads(page, ".strip output", "March 2028")
    labels = page.locator(".chart svg text").all_text_contents()
    years = [int(one) for one in labels if re.fullmatch(r"20\d\d", one)]
    assert len(years) > 1, "on the axis over time months are years"
    assert set(years) <= set(range(2026, 2037))
    assert not [text for text in labels if re.fullmatch(r"\d+ years|month \d+", text)]
    page.locator(".strip input[type=range]").evaluate(
        "e => { e.value = 30; e.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    reads(page, ".strip output", "July 2028")
    month(page, 54, release=False)
    reads(page, ".course output", "July 2030")
    title = page.locator(".month-cursor title").first
    assert title.text_content() == "July 2030"
    month(page, 54)
    opens(page, "Why?")
    reads(page, ".why", "in the year up to July 2030")
    page.locator(".cisim-network, .network-card").first.scroll_into_view_if_needed()
    page.wait_for_function("document.body.innerText.includes('July 2030')")


def test_who_founds_it_is_one_choice(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{TOWN}&scenario=grown-from-network")
    levers = opens(page, "Levers")
    assert page.locator("#lever-founders").input_value() == "network"
    assert levers.locator(".control").count() == 5, "the story's own come first"
    page.get_by_role("button", name="More levers").click()
    page.locator("summary", has_text="Who takes part").click()
    page.locator("#lever-founders").select_option("none")
    page.wait_for_function("location.search.includes('founders')")
    assert page.locator("#lever-founders").input_value() == "none"
    page.locator("#lever-participation").select_option("all")
    page.wait_for_function("location.search.includes('participation')")


def test_a_saved_file_opens_as_the_same_scenario(visitor: Any, tmp_path: Path) -> None:
    page = visitor.go(f"view=explore&scenario=missing-sponsor&{TOWN}&set=trust_memory:60")
    opens(page, "Keep")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    path = tmp_path / "mine.toml"
    saved.value.save_as(path)
    assert "trust_memory = 60" in path.read_text()
    visitor.go("view=start")
    page.get_by_role("button", name="Open a file").click()
    page.get_by_label("Scenario file").set_input_files(path)
    page.wait_for_url("**view=explore**")
    assert "trust_memory:60" in page.url
    page.locator("h1", has_text="Missing sponsor, changed").wait_for()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("empty.toml", "", "is empty"),
        ("broken.toml", "title = ", "is not TOML"),
        (
            "wrong.toml",
            'title = "x"\n[parameters]\ntrust_memry = 3\n',
            "Did you mean trust_memory?",
        ),
        ("place.toml", 'title = "x"\nworld = "../secret.toml"\n', "allowed on the page"),
        ("large.toml", "#" * 1_000_100, "larger than 1,000,000"),
    ],
)
def test_a_wrong_file_gets_a_sentence(
    visitor: Any, tmp_path: Path, name: str, text: str, says: str
) -> None:
    page = visitor.go("view=start")
    path = tmp_path / name
    path.write_text(text)
    page.get_by_role("button", name="Open a file").click()
    page.get_by_label("Scenario file").set_input_files(path)
    page.get_by_role("alert").get_by_text(says).wait_for()
    page.wait_for_function(
        "document.querySelector('[role=alert]').getBoundingClientRect().top >= 0"
    )  # on the screen: who opens a file has scrolled down to it
    assert page.locator("h1").is_visible()


def test_files_of_a_chart_carry_where_they_are_from(visitor: Any, tmp_path: Path) -> None:
    page = visitor.go(f"view=explore&{TOWN}")
    visitor.ready(200)
    chart = page.locator(".chart").first
    chart.locator(".behind summary").first.click()
    for kind in ("SVG", "PNG", "CSV"):
        with page.expect_download() as saved:
            chart.get_by_role("button", name=kind, exact=True).click()
        path = tmp_path / kind
        saved.value.save_as(path)
        assert re.search(r"-[0-9a-f]{12}\.", saved.value.suggested_filename)
        if kind == "PNG":
            assert path.read_bytes().startswith(b"\x89PNG")
        elif kind == "CSV":
            assert path.read_bytes().startswith(b"\xef\xbb\xbf")
            head, first, *_ = path.read_text(encoding="utf-8-sig").splitlines()
            assert head.startswith("outcome,region,scenario,month,")
            assert head.endswith("unit,replicates,seed,version,manifest_key")
            assert f",200,1,{__version__}," in first
        else:
            assert "200 futures" in path.read_text()


def test_two_visitors_do_not_see_each_other(visitors: Any) -> None:
    one, other = visitors(), visitors()
    first = one.go(f"view=explore&{TOWN}")
    second = other.go(f"view=explore&scenario=missing-sponsor&{TOWN}")
    one.ready(20)
    other.ready(20)
    slide(first, "national_fte", 9)
    first.wait_for_url("**national_fte:9**")
    one.ready(20)
    assert second.locator("h1").inner_text() == "Missing sponsor: One town"
    opens(second, "Levers")
    assert second.get_by_label("National staff, exact value", exact=True).input_value() == "4"
    assert "national_fte" not in second.url


def test_computing_can_be_stopped_and_gone_on_with(visitor: Any) -> None:
    page = visitor.go("view=explore&seed=991")
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Go on").click()
    visitor.ready(8)


def test_the_network_plays_and_moves_the_one_month(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{TOWN}&month=12")
    page.wait_for_selector(".network-card canvas")
    month(page, 60)
    page.wait_for_url("**month=60**")
    page.wait_for_selector(".network-card canvas[data-month='60']")
    reads(page, ".course output", "Month 60")


def test_the_month_in_the_chart_goes_along_while_the_network_plays(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{TOWN}&month=12")
    visitor.ready(200)
    page.wait_for_selector(".network-card canvas[data-month='12']")
    at = "document.querySelector('.chart .month-cursor').getBoundingClientRect().x"
    before, month = page.evaluate(at), page.evaluate("location.search")
    page.locator("button.play").click()
    page.wait_for_function(f"x => {at} > x + 4", arg=before)
    first = page.evaluate(at)
    page.wait_for_function(f"x => {at} > x + 4", arg=first)
    assert page.evaluate("location.search") == month
    page.get_by_role("button", name="Pause", exact=True).click()
    page.wait_for_function("old => location.search !== old", arg=month)
    page.wait_for_function(
        "document.querySelector('.chart .month-cursor').dataset.month ==="
        " new URLSearchParams(location.search).get('month') &&"
        " !document.querySelector('.chart .month-cursor').hasAttribute('transform')"
    )


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_the_stage_is_one_screen_that_starts_at_month_0_and_gives_no_end_away(
    visitors: Any, width: int, height: int
) -> None:
    visitor = visitors(viewport={"width": width, "height": height})
    page = visitor.go(f"view=explore&version={__version__}")
    page.wait_for_selector(".network-card canvas[data-month='0']")
    visitor.ready(8)
    reads(page, ".course output", "Month 0")
    whole = "[document.documentElement, document.querySelector('.cisim')].every(one =>"
    whole += " one.scrollHeight <= innerHeight && one.scrollWidth <= innerWidth)"
    assert page.evaluate(whole)
    shown = """() => ['.network-card canvas', '.course', '.one-answer .chart svg', '.headline',
      '.legend summary'].map(name => {
      const box = document.querySelector(name).getBoundingClientRect();
      return box.top >= 0 && box.left >= 0 && box.width > 300 && box.height > 10
        && box.bottom <= innerHeight && box.right <= innerWidth ? '' : name }).join(' ').trim()"""
    assert page.evaluate(shown) == ""
    veil = "() => document.querySelector('.chart .month-veil').getBoundingClientRect()"
    chart = "() => document.querySelector('.chart svg').getBoundingClientRect()"
    covered = page.evaluate(veil)["width"]
    assert covered > 0.7 * page.evaluate(chart)["width"]
    cut = "getComputedStyle(document.querySelector('.spark svg')).clipPath"
    assert "100%" in page.evaluate(cut)
    month(page, 60)
    page.wait_for_url("**month=60**")
    page.wait_for_function(f"old => ({veil})().width < 0.8 * old", arg=covered)
    assert "50%" in page.evaluate(cut)
    month(page, 12)  # what has been seen is not hidden again
    page.wait_for_url("**month=12**")
    assert "50%" in page.evaluate(cut)
    page.get_by_role("button", name="To the end").click()
    page.wait_for_url("**month=120**")
    hidden = "document.querySelector('.chart .month-veil').getAttribute('visibility') === 'hidden'"
    page.wait_for_function(hidden)
    page.locator(".spark button", has_text="Trust").click()
    page.wait_for_url("**outcome=trust_eligible**")
    reads(page, ".question", "Do they come to trust each other?")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_start_and_compare_are_one_screen_and_at_most_three_on_a_phone(
    visitors: Any, width: int, height: int
) -> None:
    visitor = visitors(viewport={"width": width, "height": height})
    page = visitor.go(f"view=compare&{TOWN}")
    page.wait_for_selector(".network-card canvas[data-month]")
    visitor.ready(200)
    high = "document.documentElement.scrollHeight"
    shown = """() => ['.one-answer .chart svg', '.verdict', '.course', '.legend summary',
      ...[0, 1, 2].map(k => `figure:nth-of-type(${k + 1}) canvas`)].map(name => {
      const box = document.querySelector(name).getBoundingClientRect();
      return box.top >= 0 && box.left >= 0 && box.width > 150 && box.height > 10
        && box.bottom <= innerHeight && box.right <= innerWidth ? '' : name }).join(' ').trim()"""
    assert page.evaluate(shown) == ""
    assert page.evaluate(high) <= height
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(f"{high} <= 3 * 844")
    page.set_viewport_size({"width": width, "height": height})
    page = visitor.go("view=start")
    page.wait_for_function("document.querySelectorAll('.small svg').length === 13")  # all cards
    assert page.evaluate(high) <= height
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(f"{high} <= 3 * 844")


def test_a_word_of_the_field_is_explained_on_hover_and_by_keyboard(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{END}")
    visitor.ready(20)
    word = page.locator(".answer .term").first
    tip = word.locator("[role=tooltip]")
    assert not tip.is_visible()
    word.hover()
    tip.wait_for()
    page.mouse.move(5, 5)
    tip.wait_for(state="hidden")
    word.focus()
    tip.wait_for()
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]
    opens(page, "Levers")
    assert page.locator(".drawer .term").count() >= 2


@pytest.mark.parametrize("width", [390, 1366])
def test_a_table_too_wide_for_its_card_scrolls_by_itself(visitors: Any, width: int) -> None:
    visitor = visitors(viewport={"width": width, "height": 844})
    page = visitor.go(f"view=compare&{TOWN}")
    visitor.ready(20)
    chart = opens(page, "Differences").locator(".chart")
    chart.get_by_role("button", name="Table").click()
    # The table comes after the click, and more futures may widen a column under the reader's hand.
    page.wait_for_function(
        "chart => { const inside = chart.querySelector('.numbers');"
        "const last = inside && inside.querySelector('thead th:last-child');"
        "if (!last || !inside.querySelector('td')) return false;"
        "inside.scrollLeft = inside.scrollWidth;"
        "const end = one => one.getBoundingClientRect().right;"
        "return end(last) <= end(inside) + 1 }",
        arg=chart.element_handle(),
    )
    assert "-" not in "".join(chart.locator("td.number").all_text_contents())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# --- for everybody ---------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_does_not_scroll_sideways_and_may_zoom(visitors: Any, view: str) -> None:
    visitor = visitors(viewport={"width": 390, "height": 844})
    page = visitor.go(f"view={view}&{TOWN}")
    if view in ("explore", "compare"):
        visitor.ready(20)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    content = page.locator("meta[name=viewport]").get_attribute("content")
    assert "user-scalable" not in content
    assert "maximum-scale" not in content


@pytest.mark.parametrize("world", ["one-town", "finland-2020"])
def test_years_of_the_axis_do_not_touch_on_a_phone(visitors: Any, world: str) -> None:
    visitor = visitors(viewport={"width": 390, "height": 844})
    page = visitor.go(f"view=explore&world={world}&language=fi")  # its word for years is long
    page.locator(".course .ticks .track span").last.wait_for(state="attached")
    boxes = page.evaluate(
        "[...document.querySelectorAll('.course .ticks .track span')]"
        ".filter(one => getComputedStyle(one).visibility !== 'hidden')"
        ".map(one => one.getBoundingClientRect()).map(one => [one.left, one.right])"
    )
    assert len(boxes) >= 4
    assert all(left[1] < right[0] for left, right in itertools.pairwise(boxes))


def test_the_keyboard_is_enough(visitor: Any) -> None:
    page = visitor.go(f"view=explore&{TOWN}")
    visitor.ready(20)
    # A link at the head leads to the key of the network; it has a name of its own.
    assert page.get_by_role("button", name="Play", exact=True).count() == 1
    assert page.get_by_role("button", name="Play the network").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("button", name="Levers").focus()
    page.keyboard.press("Enter")
    page.locator("#lever-national_fte").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**national_fte:4.5**")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('.drawer')")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Levers"
    page.keyboard.press("Enter")
    page.locator(".drawer .close").wait_for()
    page.evaluate(  # on the way on before the drawer is gone
        "() => { dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));"
        "document.querySelector('button.play').focus() }"
    )
    page.wait_for_function("!document.querySelector('.drawer')")
    assert page.evaluate("document.activeElement.matches('button.play')")
    page.keyboard.press("Enter")
    page.wait_for_function("Number(document.querySelector('#month').value) > 3")
    page.keyboard.press("Enter")
    page.wait_for_url("**month=**")


def test_the_theme_follows_the_system_until_it_is_chosen(visitors: Any) -> None:
    visitor = visitors(color_scheme="dark")
    page = visitor.go("view=start")
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(colour)
    page.get_by_label("Theme").select_option("light")
    assert page.evaluate(colour) != dark
    visitor.go("view=about")
    assert page.evaluate(colour) != dark


# --- who is let in ---------------------------------------------------------------------------


def answered(address: str, **headers: str) -> int:
    """Return the status of a websocket handshake of the running server, as a stranger asks."""
    import socket

    host, port = address.removeprefix("http://").split(":")
    lines = {
        "Host": f"{host}:{port}", "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version": "13", **headers,
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with socket.create_connection((host, int(port)), timeout=10) as asking:
        path = "/jupyter/api/kernels/x/channels?session_id=x"
        asking.sendall(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
        return int(asking.recv(200).split()[1])


def test_the_running_server_refuses_strangers(address: str, key: str) -> None:
    port = address.rpartition(":")[2]
    cookie = f"cisim-{port}={key}"
    assert answered(address, Origin=address, Cookie=cookie) == 101
    assert answered(address, Origin=address) == 403
    assert answered(address, Cookie=cookie) == 403
    assert answered(address, Origin="http://evil.example", Cookie=cookie) == 403
    assert answered(address, Origin=address, Cookie=cookie, Host=f"evil.example:{port}") == 403


def test_without_the_token_there_is_one_plain_page(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    answer = page.goto(f"{address}/?view=explore")
    assert answer.status == 403
    assert "cisim ui" in page.locator("main").inner_text()
    assert not page.locator("script").count()
    context.close()
