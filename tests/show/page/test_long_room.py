"""A room is used for hours by a script: what is said of it, and a minute of it in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.scripts import ROOT, load_script

pytest.importorskip("playwright", reason="needs pip install 'cisim[page,test]'")


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "experiments"))  # it stands on page_figures.py beside it
        yield load_script("experiments/long_room.py")


def rows(*memory: float) -> list[tuple[float, int, int, int]]:
    return [(one, 20, 40, 10 * (k + 1)) for k, one in enumerate(memory)]


def test_memory_that_is_flat_after_the_first_hour_is_borne(script: ModuleType) -> None:
    said, good = script.judged(rows(400, 700, 900, 905, 898, 902), [])
    assert said == "60 things done, 0 faults, -2 MB in the last third."
    assert good


@pytest.mark.parametrize(
    ("memory", "faults"),
    [((400, 700, 900, 1100, 1300, 1500), []), ((900, 900, 900), ["script: of a page"])],
)
def test_memory_that_grows_to_the_end_or_a_fault_is_not(
    script: ModuleType, memory: tuple[float, ...], faults: list[str]
) -> None:
    said, good = script.judged(rows(*memory), faults)
    assert not good
    assert all(one in said for one in faults)


@pytest.mark.slow
@pytest.mark.browser
def test_several_visitors_do_everything_at_once_without_a_fault(
    script: ModuleType, browser: Any
) -> None:
    with script.served() as (address, server):
        found, faults = script.live(browser, address, server, seconds=0, visitors=2, a_round=12)
    assert faults == []
    assert found[-1][3] == 24
