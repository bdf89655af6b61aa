"""Worlds with names, which several tests share."""

from __future__ import annotations

from cisim.world.files import checked, parse
from cisim.world.world import World

MIXED = """
title = "Kaksi aluetta"
source = "made up"
locals = ["education", "youth", "private-or-education"]
bodies = ["health", "third", "social"]

[[regions]]
name = "Häme"
seed_fte = 0.7
participating = 3
participation = "largest"
mean_children = 700

[[regions]]
name = "Pohjoinen"
seed_fte = 1.0
communities = 3
participating = 2
mean_children = 1500

[[communities]]
name = "Hämeenlinna"
region = "Häme"
children = 5000
deprivation = 0.35
participates = true

[[communities]]
name = "Forssa"
region = "Häme"
deprivation = 0.6

[[communities]]
name = "Janakkala"
region = "Häme"
children = 900

[[communities]]
name = "Loppi"
region = "Häme"
participates = false

[[communities]]
name = "Te Awa Kairangi ki Uta"
region = "Häme"

[[organisations]]
name = "Linna-alueen koulut"
sector = "education"
community = "Hämeenlinna"
own_time = 0.4
founder = true

[[organisations]]
name = "Steinerkoulu"
sector = "education"
community = "Hämeenlinna"

[[organisations]]
name = 'Nuorisoyhdistys "Ääni", r.y.'
sector = "third"
level = "local"
community = "Forssa"
region = "Häme"

[[organisations]]
name = "Hyvinvointialue"
sector = "health"
level = "regional"
region = "Häme"
own_time = 1.5

[[organisations]]
name = "Whānau Ora, Ōtaki"
sector = "third"
region = "Häme"

[[organisations]]
name = "Pohjoisen nuorisotalo"
sector = "youth"
community = "Pohjoinen/2"

[[ties]]
between = ["Linna-alueen koulut", "Hyvinvointialue"]
strength = 0.9

[[ties]]
between = ["Steinerkoulu", "Whānau Ora, Ōtaki"]
strength = [0.25, "unknown"]
trust = 0.3

[[ties]]
between = ["Hyvinvointialue", "Whānau Ora, Ōtaki"]
strength = [1.0, 0.6]

[[ties]]
between = ["Linna-alueen koulut", "Pohjoisen nuorisotalo"]
strength = [0, 0.4]

[[ties]]
between = ['Nuorisoyhdistys "Ääni", r.y.', "Häme/Janakkala/youth"]
trust = 0.8

[[ties]]
between = ["Pohjoisen nuorisotalo", "Pohjoinen/3/education"]
strength = 0.55

[[ties]]
between = ["Steinerkoulu", 'Nuorisoyhdistys "Ääni", r.y.']
strength = 0.25
"""
"""One region named in part, one drawn but for one organisation."""


def mixed(**changes: object) -> World:
    """Return the world of MIXED; `changes` are of its fields."""
    return checked(World, {**parse(MIXED, "mixed.toml"), **changes}, "mixed.toml")
