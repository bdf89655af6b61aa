"""Futures for all visitors: quick first, then sharper, kept, and followed by each page."""
