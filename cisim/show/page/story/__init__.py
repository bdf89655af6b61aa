"""A story as people see it step by step: one player for the page and for a file of its own."""
