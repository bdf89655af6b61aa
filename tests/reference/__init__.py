"""The reference: the model written a second time, as a plain Mesa model.

It follows the ODD description section by section and shares nothing with the package but the
scalar draw (`cisim.model.luck`). Every entity is an object, every tie is an object, agendas are
tuples of three floats, and there are no arrays and no compiled rules. Where the compiled model
and this one differ by more than rounding, one of them misreads the description. It is also the
baseline of the benchmark, so it is written as fast as plain objects allow: what stays constant
for a month is computed once a month.

    world.py     the entities and how the world is built (section 2)
    model.py     one month (section 3), one method a submodel
    dated.py     dated events that change who takes part, who supports, and how members stand
    outcomes.py  what is observed at the end of a month (section 4, the main part)

    model = ReferenceModel(world, structure, parameters, seed=1)   # history is over, month 0
    model.run(120)
    model.outcomes["wellbeing_gain"][120][-1]                      # overall
"""

from .model import ReferenceModel
from .world import Community, Organisation, Region, Sponsor, Tie

__all__ = ["Community", "Organisation", "ReferenceModel", "Region", "Sponsor", "Tie"]
