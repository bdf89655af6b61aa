"""What a notebook shows of a result: a short text with a picture, and the picture by itself.

Who draws stands on a higher floor, so nothing here imports it: the package says who it is
(cisim/__init__.py), which Python imports before any of its parts, and it is imported when somebody
looks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Picture(Protocol):
    """A chart that a notebook shows by itself; see cisim.show.charts.Chart."""

    @property
    def svg(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def table(self) -> Any: ...
    def _repr_svg_(self) -> str: ...


class Draws(Protocol):
    """Who draws; see cisim.show.notebook."""

    def html(self, result: Any) -> str: ...
    def plot(
        self, result: Any, outcome: str | None, kind: str | None, **options: Any
    ) -> Picture: ...


_find: Callable[[], Draws] | None = None


def pictures_are_drawn_by(find: Callable[[], Draws]) -> None:
    """Say how whoever draws is found; the package does, as imports go down."""
    global _find
    _find = find


def _drawer() -> Draws:
    if _find is None:  # pragma: no cover - `import cisim` sets it
        raise RuntimeError("import cisim before something is drawn")
    return _find()


class Pictured:
    """Something that a notebook shows."""

    def _repr_html_(self) -> str:
        """Return a short text with a picture, safe to stand in a page."""
        return _drawer().html(self)

    def plot(self, outcome: str | None = None, kind: str | None = None, **options: Any) -> Picture:
        """Return a chart, the one that a report has; a notebook shows it, `.svg` is its text.

        outcome : by default wellbeing_gain, or the first that was kept
        kind    : paths (how it goes), dots (the end value, of twenty futures) or differences (what
                  each scenario changes, future by future); the default fits what is shown. A
                  scenario has its dates, a threshold its curve, a budget its front; of analyses
                  it is the name of one
        options : of the chart: goal, month, against, region, scenario, title, theme ("auto",
                  "light", "dark"), width

        Raises InputError for an outcome that was not kept, or a kind or an option that is not
        allowed.
        """
        return _drawer().plot(self, outcome, kind, **options)
