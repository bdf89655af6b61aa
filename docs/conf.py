"""The site: `make docs` builds it into build/site, to be opened from disk without internet.

Sources are the project's own Markdown, where it stands, and docstrings of the public face. A
warning is an error.
"""

import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from cisim.version import __version__

project = "cisim"
author = "cisim maintainers"
project_copyright = "cisim maintainers, Apache License 2.0"
release = version = __version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
root_doc = "docs/index"
include_patterns = [
    "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md", "docs/*.rst", "results/*.md",
    "experiments/README.md",
]  # fmt: skip
exclude_patterns = ["build", ".venv"]
suppress_warnings = ["toc.not_included"]  # README and results are reached by links

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

html_theme = "furo"
html_title = f"cisim {__version__}"
html_copy_source = html_show_sourcelink = html_show_sphinx = False
templates_path: list[str] = []

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_maximum_signature_line_length = 80

_EVENT = re.compile(r"Annotated\[Election.*?discriminator='kind'\)\]")
_FIELD = re.compile(r"^(?P<names>[\w.*]+(?:, [\w.*]+)*) *: (?P<words>.*)$")
_MARKS = re.compile(r"([\\*_|<>`])")


def _plain(words: str) -> str:
    """Return words in which only backticks mean something: code."""
    parts = words.split("`")
    if len(parts) % 2 == 0:  # one that stands alone
        return _MARKS.sub(r"\\\1", words)
    return "".join(
        f"``{part}``" if at % 2 else _MARKS.sub(r"\\\1", part) for at, part in enumerate(parts)
    )


def _fields(lines: list[str]) -> list[str]:
    """Return lines like "seed : what it is" as a list of definitions; others as a paragraph."""
    if not _FIELD.match(lines[0]):
        return [_plain(" ".join(line.strip() for line in lines))]
    found: list[str] = []
    for line in lines:
        field = _FIELD.match(line)
        if field:
            found += [f"``{field['names']}``", f"    {_plain(field['words'])}"]
        else:
            found[-1] += f" {_plain(line.strip())}"
    return found


def in_our_form(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Read a docstring as it is written here: paragraphs, named lines, and code where indented."""
    told: list[str] = []
    for block in "\n".join(lines).strip("\n").split("\n\n"):
        some = [line for line in block.splitlines() if line.strip()]
        if not some:
            continue
        if all(line.startswith("    ") for line in some):
            told += ["::", "", *some, ""]
        else:
            told += [*_fields(some), ""]
    lines[:] = told


def shorter(
    app: Any, what: str, name: str, obj: Any, options: Any, signature: str | None, returns: str
) -> tuple[str | None, str]:
    """Leave out what a form's fields say again, and name the union of events."""
    if what == "class" and isinstance(obj, type) and issubclass(obj, BaseModel):
        return "", ""
    return _EVENT.sub("Event", signature) if signature else signature, returns


def open_here(app: Any, error: Exception | None) -> None:
    """Let build/site/index.html lead to the first page."""
    if error is None:
        page = '<!DOCTYPE html><meta charset="utf-8"><title>cisim</title>'
        page += f'<meta http-equiv="refresh" content="0; url={root_doc}.html">'
        page += f'<a href="{root_doc}.html">cisim</a>\n'
        Path(app.outdir, "index.html").write_text(page, encoding="utf-8")


def setup(app: Any) -> None:
    """Connect them."""
    app.connect("autodoc-process-signature", shorter)
    app.connect("autodoc-process-docstring", in_our_form)
    app.connect("build-finished", open_here)
