"""How we ask: ensembles, paired comparisons, and where the results are kept."""
