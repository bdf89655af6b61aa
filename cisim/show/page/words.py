"""Texts of the page (cisim.show.language has them all)."""

from cisim.show.language.texts import part, say, texts

__all__ = ["part", "say", "texts"]
