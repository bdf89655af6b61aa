"""What can be configured: worlds, structures, events and the scenarios made of them."""
