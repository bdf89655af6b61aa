"""What we believe: the parameters, the state, the month's submodels, and the run as a Mesa model."""
