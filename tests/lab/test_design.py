"""A design is over parameters only, and takes no name that it would ignore."""

from __future__ import annotations

import numpy as np
import pytest

from cisim.lab.design import Design, latin_hypercube
from cisim.model.input_error import InputError


def test_a_name_that_is_no_parameter_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"effort_halff.*Did you mean effort_half"):
        latin_hypercube(4, fixed=["effort_halff"])


def test_a_lever_in_the_place_of_a_parameter_is_refused() -> None:
    with pytest.raises(InputError, match="national_fte"):
        latin_hypercube(4, fixed=["national_fte"])


def test_a_design_of_names_that_nothing_reads_is_refused() -> None:
    with pytest.raises(InputError, match="turnoverr"):
        Design(("turnoverr",), np.zeros((2, 1)), 1)
