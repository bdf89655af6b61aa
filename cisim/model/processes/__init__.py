"""One file per ODD submodel: a pure kernel, and the process that calls it on the state."""
