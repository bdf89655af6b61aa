"""The network over time: films of a run, and the player that shows them."""
