"""What we believe: parameters, state, the submodels of the month, the run as a Mesa model."""
