"""One's own partnership in the browser: files, what they mean, then Explore and Compare on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara

from cisim.lab.survey.fit import Fit, fit
from cisim.model.input_error import InputError
from cisim.show.page.address.checks import plainly
from cisim.show.page.background import use_made
from cisim.show.page.futures.engine import LARGEST_WORLD
from cisim.show.page.partnership import kept
from cisim.show.page.partnership.arriving import added
from cisim.show.page.partnership.brought import Uploads
from cisim.show.page.partnership.upload import KINDS, ROLES, RULES, Reading, Upload, read, title_of
from cisim.show.page.screens import widgets
from cisim.show.page.screens.widgets import Act, Message
from cisim.show.page.views import own
from cisim.show.page.words import part, say


@solara.component
def OwnPage(uploads: Uploads, event_act: Act) -> None:
    """Show what a visitor has brought, and what can be made of it."""
    _, set_count = solara.use_state(0)
    fault, set_fault = solara.use_state("")
    nothing: dict[str, str] | None = None
    saved, set_saved = solara.use_state(nothing)
    upload = uploads.now

    def make() -> Reading | None:
        return read(upload, uploads.reading) if upload.files else None

    made = use_made(make, upload)
    if made is not None and made.value is not None:
        uploads.reading = made.value
    reading = uploads.reading
    fresh = reading is not None and reading.of == upload
    failed = made is not None and made.wish == upload and made.fault
    busy = bool(upload.files) and not fresh and not failed
    world = reading.made if fresh and reading is not None else None

    def live() -> Fit | None:
        """Return how far month 0 looks like the answers; where the place can be run here."""
        if world is None or world.world.organisation_count > LARGEST_WORLD:
            return None
        return fit(world.world, world.answers)

    fits = use_made(live, world)
    month_0 = fits.value if fits is not None and fits.wish is world and not fits.fault else None

    def become(new: Upload) -> None:
        if new != uploads.now:
            uploads.now = new
            set_count(lambda n: n + 1)

    def done(message: Message) -> None:
        what = message.get("do")
        try:
            if what == "begin":
                set_fault("")
            elif what == "piece":
                whole = uploads.arriving.take(message)
                if whole is not None:
                    become(replace(uploads.now, files=added(uploads.now.files, *whole)))
            elif what == "template":
                set_saved(own.template())
            elif what == "mapping" and reading is not None:
                set_saved(own.mapping_file(reading))
            elif what == "world":
                name = str(message["name"])
                set_saved({"name": name, "text": kept.path_of(name).read_text("utf-8")})
            elif what == "forget":
                kept.forget(str(message["name"]))
                set_count(lambda n: n + 1)
            elif what == "saved":
                set_saved(None)
            elif what == "run":
                run(message)
            elif what == "place":
                event_act({**message, "do": "own"})
            else:
                become(changed(uploads.now, message))
                set_fault("")
        except (KeyError, TypeError, ValueError, OSError) as error:
            text = str(error) if isinstance(error, InputError) else say("own.not_yet")
            set_fault(
                lambda old: f"{old} {plainly(text)}" if what == "piece" and old else plainly(text)
            )

    def run(message: Message) -> None:
        """Keep the place, and go to it."""
        if not fresh or reading is None or reading.made is None:
            raise InputError(say("own.not_yet"))
        title = title_of(uploads.now)
        name = kept.keep(reading.made.text, title, reading.structure)
        chosen = str(message.get("structure") or kept.structure_beside(name))
        event_act(
            {
                "do": "own", "view": message.get("view"), "world": name, "title": title,
                "structure": chosen,
            }
        )  # fmt: skip

    view = solara.use_memo(
        lambda: own.view(upload, reading), [upload, reading, part("own")["heading"]]
    )
    frame = solara.use_memo(own.frame, [part("own")["heading"]])
    widgets.Own(
        t=part("own"), frame=frame, view=view, places=own.places(), busy=busy,
        fit="" if month_0 is None or world is None else own.fitted(month_0),
        fault=fault or (made.fault if failed and made is not None else ""), saved=saved,
        event_act=done,
    )  # fmt: skip


def changed(upload: Upload, message: Message) -> Upload:
    """Return an upload after what a visitor said of it; raises ValueError for what cannot be."""
    what = message.get("do")
    if what == "take-out":
        files = tuple(one for one in upload.files if one[0] != message["name"])
        return replace(upload, files=files) if files else Upload()
    if what == "title":
        return replace(upload, title=str(message["title"])[:200])
    if what == "use":
        role = str(message["role"])
        if role not in ("", *ROLES):
            raise ValueError(role)
        return upload.using(str(message["file"]), role)
    if what == "column":
        path = (str(message["role"]), str(message["field"]))
        return upload.chosen(path, str(message["column"]))
    if what == "kind":
        kind = str(message["kind"])
        if kind not in ("", *KINDS):
            raise ValueError(kind)
        bare = replace(
            upload,
            choices=tuple(
                one for one in upload.choices
                if one[0][:3] != ("ties", "measures", str(message["column"]))
            ),
        )  # fmt: skip
        return bare.chosen(("ties", "measures", str(message["column"]), "kind"), kind)
    if what == "scale":
        ends = [float(message["low"]), float(message["high"])]
        return upload.chosen(("ties", "measures", str(message["column"]), "scale"), ends)
    if what == "levels":
        levels: list[Any] = [
            [str(word) for word in words] if len(words) > 1 else str(words[0])
            for words in message["levels"]
        ]
        return upload.chosen(("ties", "measures", str(message["column"]), "levels"), levels)
    if what == "sector":
        word = str(message["word"])
        return upload.chosen(("organisations", "sectors", word), str(message["sector"]))
    if what == "rule":
        name = str(message["name"])
        return upload.chosen(("ties", name), RULES[name][int(message["value"])])
    if what == "names":
        how = "same" if message.get("same") is True else "different"
        pair = [str(one) for one in message["names"]][:2]
        before: list[list[str]] = dict(upload.choices).get((how,), [])
        return upload.chosen((how,), [*before, pair])
    raise ValueError(what)
