"""Whether the files of two results are the same, to the byte or in their numbers.

Where bytes differ, as they do under another version of cisim, whose key each file carries, numbers
and texts are compared.
"""

from __future__ import annotations

import re
from pathlib import Path

from cisim.lab.manifest import sources_of_results
from cisim.lab.written import Written
from cisim.model.input_error import printable, shown
from cisim.model.told import Sentences

SAYS = Sentences(
    "compared_files",
    same="same",
    differs="differs",
    but_for_the_key="same but for the key",
    not_made="not made",
    other_bytes="other bytes",
    around="the model is the same, what is around it has changed",
    model="the model was {there} and is {here}, so runs may differ",
    version="It was made by version {version}, and this is {here}: {what}.",
    not_derived="{name} is not what the numbers of its result give",
    underivable="{name} could not be derived again",
)

SAME, BUT_FOR_THE_KEY = SAYS("same"), SAYS("but_for_the_key")
DIFFERS, NOT_MADE = SAYS("differs"), SAYS("not_made")
UNKNOWN = SAYS("other_bytes")
"""What may be said of a file; the last where the earlier one is not there to be compared with."""


def differing_sources(written: Written) -> list[str]:
    """Return in a sentence that the sources, or the version, are not those of a result."""
    here, there = sources_of_results(), written.manifest
    if here["sources"] == there["sources"]:
        return []
    model = here["sources"]["model"] == there["sources"].get("model")
    what = (
        SAYS("around")
        if model
        else SAYS(
            "model", there=shown(there["sources"].get("model")), here=here["sources"]["model"]
        )
    )
    version = printable(str(there.get("version")))
    return [SAYS("version", version=version, here=here["version"], what=what)]


def derived(written: Written, new: Written, drawn: bool) -> dict[str, str]:
    """Return what is wrong with each file of a result, given another derived from its numbers.

    drawn : whether the other has charts; else those are not looked at
    """
    found: dict[str, str] = {}
    for name in written.files:
        state = compared(written, new, name)
        chart = name.endswith(".svg")
        if state in (SAME, BUT_FOR_THE_KEY) or (state == NOT_MADE and chart and not drawn):
            found[name] = ""
        elif state == DIFFERS:
            found[name] = SAYS("not_derived", name=name)
        else:
            found[name] = SAYS("underivable", name=name)
    return found


def compared(earlier: Written, new: Written, name: str) -> str:
    """Return whether a file of a result is the same in another one."""
    if name not in new.files:
        return NOT_MADE
    if new.files[name] == earlier.files[name]:
        return SAME
    if not (earlier.folder / name).is_file() or earlier.changed(name):
        return UNKNOWN
    one, other = earlier.folder / name, new.folder / name
    same = (
        same_tables(one, other)
        if name.endswith(".parquet")
        else same_texts(one, other, earlier, new)
    )
    return BUT_FOR_THE_KEY if same else DIFFERS


def same_tables(one: Path, other: Path) -> bool:
    """Return whether two Parquet files have the same columns and numbers, to the bit."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        here, there = parquet.read_table(one).to_pandas(), parquet.read_table(other).to_pandas()
    except (OSError, pa.ArrowException):
        return False
    if list(here.columns) != list(there.columns) or len(here) != len(there):
        return False
    for column in here.columns:
        a, b = here[column].to_numpy(), there[column].to_numpy()
        if a.dtype != b.dtype:
            return False
        equal = a.tobytes() == b.tobytes() if a.dtype.kind == "f" else bool((a == b).all())
        if not equal:
            return False
    return True


_NAME = re.compile(rb"chart-[0-9a-f]{10}")
"""How a chart calls its parts, by a hash of all that it says."""


def same_texts(one: Path, other: Path, earlier: Written, new: Written) -> bool:
    """Return whether two texts are the same, but for the key and the version that each carries."""
    texts = []
    for path, written in ((one, earlier), (other, new)):
        text = path.read_bytes().replace(written.key.encode(), b"key")
        version = f"cisim {written.manifest['version']} ".encode()
        texts.append(_NAME.sub(b"chart", text.replace(version, b"cisim ")))
    return texts[0] == texts[1]
