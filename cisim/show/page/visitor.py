"""In which language a visitor of the page is spoken to: each tab has its own."""

from __future__ import annotations

from solara.server.kernel_context import get_current_context

from cisim.show.language.spoken import ask

_KEPT = "cisim.language"


def speak_with_visitor(code: str) -> None:
    """Speak a language with the visitor who is served now, "" for that of the process."""
    get_current_context().user_dicts[_KEPT] = {"code": code}


def _language() -> str:
    try:
        here = get_current_context()
    except RuntimeError:  # nobody is served
        return ""
    return str(here.user_dicts.get(_KEPT, {}).get("code", ""))


ask(_language)
