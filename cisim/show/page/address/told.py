"""Where a story stands, as something to explore: its place, scenario, month and numbers."""

from __future__ import annotations

from dataclasses import replace

from cisim.lab.ensemble import OVERALL
from cisim.show.page.address.cell import look_at
from cisim.show.page.address.checks import TEXTS
from cisim.show.page.address.look import Look, kind
from cisim.show.page.outcomes import SHOWN
from cisim.show.page.shelf import story

_IN_THE_MENU = {"members": "member_share"}
"""What the page shows in place of an outcome that a story may look at, and its menu has not."""


def explored_from(look: Look) -> Look:
    """Return the look of the state at which a story stands: on its cover the first, in the end
    the last.

    Its futures are those that the story tells of, so that the room finds its figures again.

    Raises InputError if the page cannot show it.
    """
    whole = story(look.told)
    told = whole.steps[min(max(look.step - 1, 0), len(whole.steps) - 1)]
    state, seen = told.here, told.step.look
    bare = state.scenario.model_copy(update={"name": state.scenario.name.partition(",")[0]})
    outcome = _IN_THE_MENU.get(seen.outcome, seen.outcome)
    new = look_at(bare, look.told)
    if new.title:  # a case's own, which its file says in one language
        title = f"{told.step.title} ({whole.file.title})"[: TEXTS["title"]]
        about = " ".join(whole.file.about.split())[: TEXTS["story"]]
        new = replace(new, title=title, short="", story=about, note="")
    return replace(
        new,
        view="explore",
        language=look.language,
        beliefs=kind(state.scenario),
        outcome=outcome if outcome in SHOWN else look.outcome,
        region=seen.region or OVERALL,
        month=state.month or None,
    )
