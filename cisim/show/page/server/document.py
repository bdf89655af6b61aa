"""The frame of the page: what Solara's own template leaves out or forbids.

Solara's document has no language, forbids to zoom, and shows nothing to a reader without a script.
When its server is gone it veils the page and turns a wheel for ever; here it says what to type, and
loads the page anew once the server is there again: what was set is in the address.
"""

from __future__ import annotations

import html
import json
import re
from functools import cache
from pathlib import Path

from cisim.show.charts.ink import THEMES
from cisim.show.language.forms import month_names
from cisim.show.language.spoken import kept_by_language, speaking, spoken, usual
from cisim.show.page.address.link import language_of
from cisim.show.page.network.script import joined
from cisim.show.page.words import part, say

_HERE = Path(__file__).parent
_THEME = (
    "try{var t=localStorage.getItem('cisim:theme');"
    "if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch(e){}"
)


SCRIPTS = (
    "return.js", "closed.js", "here.js", "saved.js", "seen.js", "log.js", "guessed.js", "panel.js",
    "terms.js", "fitted.js", "keys.js", "focus.js", "typing.js",
)  # fmt: skip
STYLES = ("page.css", "workshop.css")
"""What every page has beside its templates."""
KEYS = {
    "play": "P", "month": "ArrowRight", "ends": "Home", "preset": "next", "levers": "L",
    "predict": "G", "raise": "1", "draw": "D", "reveal": "V", "replay": "R", "phones": "A",
}  # fmt: skip
"""What is listed of keys, and the key that a control must have for it; the others are always."""
_VEIL = re.compile(r"<v-overlay[^>]*wasConnected[^>]*>.*?</v-overlay>", re.DOTALL)
_AWAY = "(connectionStatus != 'connected') && wasConnected"


def dress(document: str, query: str | None = None, *, command: str) -> str:
    """Return a document of Solara's with language, title, zoom and the page's styles.

    query   : of the address that asks for it; it may ask for a language
    command : what starts the server
    """
    with speaking(language_of(query) or usual()):
        return _dressed(document, command)


def _dressed(document: str, command: str) -> str:
    title = say("page.title")
    # Its one notice of solara.dev is only fetched by a development server; none here.
    language = f'<html lang="{spoken()}"'
    document = re.sub(r"<html(?=[\s>])(?![^>]*\blang=)", language, document, count=1)
    document = re.sub(r"<title>.*?</title>", f"<title>{title}</title>", document, count=1)
    document = re.sub(
        r'<meta name="viewport"[^>]*>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        document,
        count=1,
    )
    head = (
        f"<script>{_THEME}</script><style>{styles()}</style>"
        f"<noscript>{say('page.noscript')}</noscript>"
    )
    document = _VEIL.sub(lambda _: away(command), document, count=1)
    scripts = "".join(
        f"<script>{text}</script>" for text in (_key_words(), *map(_script, SCRIPTS), _months())
    )
    return document.replace("</head>", f"{head}{scripts}</head>", 1)


def away(command: str) -> str:
    """Return what stands over the page while its server is gone, as Solara's template has it."""
    heading, words, stays, closed = (
        html.escape(say(f"away.{name}")) for name in ("heading", "words", "stays", "closed")
    )
    return (
        f'<div v-if="{_AWAY}" id="away" class="away" role="alertdialog" aria-modal="true"'
        f' aria-labelledby="away-heading"><div><h2 id="away-heading">{heading}</h2>'
        f"<p>{words}</p><p><code>{html.escape(command)}</code></p>"
        f'<p class="stays">{stays}</p><p class="closed" hidden>{closed}</p></div></div>'
    )


@kept_by_language
def _months() -> str:
    """Return what gives months their names, by the player's own module, for every template."""
    names = f"window.cisimMonths = {json.dumps(month_names())};"
    return f"{names}(() => {{{joined('months.js')}\nwindow.cisimDated = dated;}})();"


@kept_by_language
def _key_words() -> str:
    """Return what says the keys of the page."""
    words = {**part("keys"), "list": part("keys_do"), "of": KEYS}
    return f"window.cisimKeyWords = {json.dumps(words)};"


@cache
def _script(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def styles() -> str:
    """Return the page's style sheet: colours of both themes, then page.css; paper is light."""
    light = _colours("light")
    dark = _colours("dark")
    own = "".join(map(_script, STYLES))
    return (
        f":root{{color-scheme:light;{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light])"
        f"{{color-scheme:dark;{dark}}}}}"
        f"@media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}"
        f"{_chart_rules()}{own}"
    )


_EXTRA = {
    "light": {"page": "#f4f6f8", "edge": "#767f89", "accent": "#0b5fb5", "on-accent": "#ffffff",
              "wash": "#e6f0fb", "warn": "#8a3b00", "warn-wash": "#fdf0e3"},
    "dark": {"page": "#0d1013", "edge": "#7b8590", "accent": "#7cb7ff", "on-accent": "#0b1420",
             "wash": "#16283c", "warn": "#ffb877", "warn-wash": "#33220f"},
}  # fmt: skip


def _colours(theme: str) -> str:
    uses, places = THEMES[theme]
    named = {**uses, **_EXTRA[theme], **{f"s{n}": colour for n, colour in enumerate(places)}}
    return "".join(f"--{name}:{colour};" for name, colour in named.items())


def _chart_rules() -> str:
    """Return rules that paint charts in the page's theme, whatever theme they were made in."""
    uses, places = THEMES["light"]
    rules = [f".chart svg .{use}{{fill:var(--{use})!important}}" for use in uses]
    rules += [f".chart svg .{use}-line{{stroke:var(--{use})!important}}" for use in uses]
    for n in range(len(places)):
        rules.append(f".chart svg .s{n}{{fill:var(--s{n})!important}}")
        rules.append(f".chart svg .l{n}{{stroke:var(--s{n})!important}}")
    return "".join(rules)
