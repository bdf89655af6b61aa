"""A library that is not there is told in one sentence, with what installs it."""

from __future__ import annotations

import sys

import pytest

from cisim.lab.extras import needed
from cisim.model.input_error import InputError


def test_a_library_that_is_there_comes_back() -> None:
    assert needed("json.decoder", "analysis").JSONDecoder


def test_one_that_is_not_there_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "SALib", None)
    for name in list(sys.modules):
        if name.startswith("SALib."):
            monkeypatch.delitem(sys.modules, name)
    with pytest.raises(InputError, match=r"^SALib is not installed.*'cisim\[analysis\]'\.$"):
        needed("SALib.analyze.sobol", "analysis")
