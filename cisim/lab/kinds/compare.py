"""A comparison of scenarios: see cisim.lab.kinds.ensembles."""

from __future__ import annotations

from cisim.lab.kinds.ensembles import Ensembles

KIND = Ensembles()
