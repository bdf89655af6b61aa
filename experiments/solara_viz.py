"""Mesa's own SolaraViz on cisim's model: `solara run experiments/solara_viz.py`.

The model is a mesa.Model, so Mesa's page runs it as it is. It shows one future at a time and knows
nothing of uncertainty, evidence or comparison; `cisim ui` is the page for those.
"""

from __future__ import annotations

from typing import Any

import solara
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from cisim import CollectiveImpactModel, Organisation, Scenario
from cisim.show.charts import paths

SHOWN = ("member_share", "trust_eligible", "wellbeing_gain")


class VizModel(CollectiveImpactModel):
    """The model, made from what Mesa's controls give: numbers and names as keywords."""

    def __init__(
        self,
        scenario: str = "national-and-regional",
        world: str = "one-town",
        sponsor_link: float = 0.5,
        trust_memory: float = 72.0,
        seed: int = 1,
    ) -> None:
        chosen = Scenario.load(scenario, world=world)
        changed = chosen.set({"sponsor_link": sponsor_link, "trust_memory": trust_memory})
        super().__init__(changed, seed=int(seed))

    def step(self) -> None:
        """Run one month, until the horizon."""
        if self.running:
            super().step()


@solara.component
def Course(model: CollectiveImpactModel) -> None:
    """Show how three outcomes have gone so far, in this one future."""
    update_counter.get()
    table = model.outcomes(SHOWN).reset_index()
    table["scenario"], table["replicate"] = model.scenario.title, model.seed
    for outcome in SHOWN:
        solara.HTML(unsafe_innerHTML=paths(table, outcome, width=480).svg)


@solara.component
def Members(model: CollectiveImpactModel) -> None:
    """Show how many organisations take part, counted over the agents."""
    update_counter.get()
    organisations = model.agents_by_type[Organisation]
    members = len(organisations.select(lambda one: one.member))
    solara.Markdown(
        f"**Month {model.month}:** {members} of {len(organisations)} organisations take part."
    )


PARAMETERS: dict[str, Any] = {
    "scenario": {
        "type": "Select",
        "value": "national-and-regional",
        "values": ["no-backbone", "national-and-regional", "missing-sponsor"],
        "label": "Scenario",
    },
    "world": {
        "type": "Select",
        "value": "one-town",
        "values": ["one-town", "test-region", "finland"],
        "label": "World",
    },
    "sponsor_link": {
        "type": "SliderFloat",
        "value": 0.5,
        "min": 0.0,
        "max": 1.0,
        "step": 0.05,
        "label": "Link of sponsors to the backbone",
    },
    "trust_memory": {
        "type": "SliderInt",
        "value": 72,
        "min": 36,
        "max": 144,
        "step": 1,
        "label": "Trust memory (months)",
    },
    "seed": {"type": "InputText", "value": 1, "label": "Seed"},
}


@solara.component
def Page() -> None:
    """Show the model with Mesa's controls."""
    model = solara.use_memo(VizModel, [])
    SolaraViz(
        solara.use_reactive(model),
        components=[Members, Course],
        model_params=PARAMETERS,
        name="cisim in Mesa's SolaraViz",
        play_interval=50,
    )
