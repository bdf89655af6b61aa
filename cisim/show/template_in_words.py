"""Tables to fill in, with headings and example rows in the language that is spoken."""

from __future__ import annotations

from cisim.lab.survey.proposal import OTHERS
from cisim.lab.survey.template import files
from cisim.show.language.texts import filled, part

_UTF8 = "\ufeff"
"""By this Excel knows the letters."""


def to_fill_in(how: str, folder: str) -> dict[str, str]:
    """Return the texts of a template by file name.

    Tables have headings that the importer knows in the language that is spoken; those of sponsors,
    payers and posts have the names of fields.

    how    : what to do with them, as their text to read begins
    folder : what they are in
    """
    words = part("own_template")
    found = {}
    for table in ("organisations", "ties", "communities", "read_me"):
        file, _, text = words[table].partition("\n")
        text = filled(text, how=how) if table == "read_me" else text.replace(";", words["between"])
        lines = "\r\n".join(text.splitlines())
        found[file] = f"{_UTF8}{lines}\r\n"
    others = files("usual", folder, words["between"] == ";")
    return found | {name: others[name] for name in others if name.partition(".")[0] in OTHERS}
