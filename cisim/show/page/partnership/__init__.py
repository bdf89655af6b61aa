"""A partnership of one's own: files that a browser sends, what they mean, places that are kept."""
