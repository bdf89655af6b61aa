"""Every language has every text, with the same places to fill in, and nothing that nobody says."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from cisim import lab
from cisim.lab.calibration.file import read_targets, shipped_targets
from cisim.lab.causes import CAUSES
from cisim.lab.levels import ITEMS as VALUES
from cisim.lab.patterns.declared import PATTERNS
from cisim.lab.value import ITEMS as COSTS
from cisim.model.input_error import InputError
from cisim.model.outcomes import EACH, FUNCTIONS, GROUPS, OUTCOMES, PHASES
from cisim.model.parameters import SUBMODELS, Parameters
from cisim.model.quantity import declarations
from cisim.model.told import SENTENCES
from cisim.show.language import spoken as speech
from cisim.show.language.facts import SCENARIO
from cisim.show.language.forms import listed, localised, month_names
from cisim.show.language.spoken import ENGLISH, file_of, languages, speak, speaking, spoken
from cisim.show.language.texts import FORMS, Untranslated, has_forms, part, say
from cisim.show.limits import limits
from cisim.world.events import EVENTS
from cisim.world.files import shipped
from cisim.world.functions import load_functions
from cisim.world.levers.components import COMPONENTS
from cisim.world.scenario import Scenario, load_structure, load_world
from cisim.world.structure import Structure

OTHERS = [code for code in languages() if code != ENGLISH]
ROOT = Path(__file__).parents[2]

SAME = {
    "fi": {"page.name", "report.body.halves_head"},
    "sv": {
        "page.name", "views.start", "explore.scenario", "explore.region", "compare.scenario",
        "network.sponsor", "charts.median", "charts.keeper_regional", "own.region",
        "charts.front_budget", "analysed.heads.parameter", "analysed.heads.scenario",
        "listed.organisation", "listed.parameter", "calibrate.parameter", "swept.scenario",
        "imported.data",
        "own_fields.region", "studies.scenario",
        "report.body.halves_head",
        "lever_words.regional", "report.scenario", "report.appendix.region", "posts.region",
        "worth.level.regional", "worth.of_one.organisations",
        "tracked.report.scenario",
    },
}  # fmt: skip
"""Texts that are the same as in English, and right so."""


def texts_of(found: Mapping[str, Any], name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each text with its full name; one in several forms as a whole."""
    for key, value in found.items():
        full = f"{name}.{key}" if name else key
        if isinstance(value, Mapping) and not has_forms(value):
            yield from texts_of(value, full)
        else:
            yield full, value


def translatable(code: str) -> dict[str, Any]:
    """Return the texts of a language's file but what it says of itself."""
    found = dict(texts_of(file_of(code)))
    own = {"language", *FACTS, *OPEN_FACTS}
    return {name: text for name, text in found.items() if name.partition(".")[0] not in own}


FACTS: dict[str, dict[str, str]] = {
    "outcomes": {name: one.title for name, one in OUTCOMES.items()},
    "outcome_words": {name: one.words for name, one in OUTCOMES.items()},
    "outcome_group_titles": {str(name): words for name, words in GROUPS.items()},
    "each_words": {
        f"{of}_{name}": one.words for of, each in EACH.items() for name, one in each.items()
    },
    "pattern_words": {name: one.words for name, one in PATTERNS.items()},
    "targets_title": {name: read_targets(name).title for name in shipped_targets()},
    "functions_title": {name: load_functions(name).title for name in shipped("functions")},
    "event_words": {kind: one.words for kind, one in EVENTS.items()},
    "submodels": {str(name): words for name, words in SUBMODELS.items()},
    "causes": dict(CAUSES),
    "phases": {one: one for one in PHASES},
    "components": {name: one.words for name, one in COMPONENTS.items()},
    "functions": {one: one for one in FUNCTIONS},
    "limit_points": {one.key: one.point for one in limits()},
    "limit_words": {one.key: one.words for one in limits()},
    "world_title": {name: load_world(name).title for name in shipped("worlds")},
    "structure_title": {name: load_structure(name).title for name in shipped("structures")},
    "cost_items": {str(name): words for name, words in COSTS.items()},
    "value_items": {name: one.words for name, one in VALUES.items()},
    **{
        f"scenario_{what}": {
            name: getattr(Scenario.load(name), what)
            for name in (*shipped("scenarios"), *shipped("cases"))
            if getattr(Scenario.load(name), what)
        }
        for what in SCENARIO
    },
}
"""What stands in English where it is declared, by the part that other languages have it in."""
OPEN_FACTS = {
    "units", "columns", "limit_beside", "meanings", "rules", "supports",
    "payers", "anchors", "entry_fields", "sentences", "sources",
}  # fmt: skip
"""Parts of which a language has as many as are shown; what is missing is warned of."""


def facts_of(code: str) -> dict[str, dict[str, str]]:
    """Return what a language says of the things that are declared elsewhere."""
    return {name: dict(file_of(code).get(name, {})) for name in FACTS}


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("part", FACTS)
def test_a_language_says_what_things_declared_elsewhere_say_of_themselves(
    code: str, part: str
) -> None:
    english, own = FACTS[part], facts_of(code)[part]
    assert set(own) == set(english), (code, part)
    assert all(text.strip() for text in own.values())
    for name, text in own.items():
        if part != "limit_words":  # numbers are filled into the English already
            assert places_in(text) == places_in(english[name]), (code, part, name)


@pytest.mark.parametrize("code", OTHERS)
def test_every_number_and_every_lever_has_its_meaning_and_its_unit_in_each_language(
    code: str,
) -> None:
    known = [*declarations(Parameters).values(), *declarations(Structure).values()]
    assert len(known) > 200
    meanings, units = file_of(code)["meanings"], file_of(code)["units"]
    assert {one.name for one in known} <= set(meanings)
    assert not [one.name for one in known if meanings[one.name] == one.meaning]
    named = {one.unit for one in known if one.unit.strip("%–.-0123456789 ")}
    assert named <= set(units)


@pytest.mark.parametrize("code", OTHERS)
def test_every_payer_and_every_post_that_ships_has_its_name_in_each_language(code: str) -> None:
    named = {
        one.name
        for name in (*shipped("scenarios"), *shipped("cases"))
        for its in [Scenario.load(name).structure]
        for one in (*its.payers, *its.posts)
        if one.name
    }
    assert len(named) > 20
    assert named - set(file_of(code)["payers"]) - {"Alive & Thrive"} == set()


def forms_of(text: Any) -> list[str]:
    """Return the one text, or its forms."""
    return [text] if isinstance(text, str) else [text[form] for form in FORMS if form in text]


def stands_off(text: str) -> tuple[bool, bool]:
    """Return whether a part of a sentence keeps off from what is before it, and from the rest."""
    return re.match(r"[,;]? ", text) is not None, text[-1:].isspace()


def places_in(text: str) -> set[str]:
    """Return the names of what is filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_no_text_is_empty() -> None:
    for code in languages():
        for name, text in translatable(code).items():
            assert all(one.strip() for one in forms_of(text)), (code, name)


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_the_texts_that_english_has(code: str) -> None:
    english, own = set(translatable(ENGLISH)), set(translatable(code))
    assert not english - own, f"{code}.toml lacks texts"
    assert not own - english, f"{code}.toml has texts that en.toml has not"


@pytest.mark.parametrize("code", OTHERS)
def test_a_text_has_the_same_places_to_fill_in_as_in_english(code: str) -> None:
    own = translatable(code)
    for name, text in translatable(ENGLISH).items():
        there = {place for form in forms_of(text) for place in places_in(form)}
        found = {place for form in forms_of(own[name]) for place in places_in(form)}
        assert found == there, (code, name)
        for form in forms_of(own[name]):
            assert stands_off(form) == stands_off(forms_of(text)[0]), (code, name)


@pytest.mark.parametrize("code", OTHERS)
def test_what_the_lab_tells_is_told_in_each_language_with_the_same_places(code: str) -> None:
    for module in pkgutil.walk_packages(lab.__path__, "cisim.lab."):
        import_module(module.name)
    own = dict(texts_of(file_of(code)["sentences"]))
    own = {name: text for name, text in own.items() if not name.startswith("between.")}
    assert set(own) == set(SENTENCES)
    for name, text in SENTENCES.items():
        there = {place for form in forms_of(text) for place in places_in(form)}
        found = {place for form in forms_of(own[name]) for place in places_in(form)}
        assert found == there, (code, name)
        assert own[name] != text or not re.search("[a-z]{3}", re.sub(r"\{.*?\}", "", str(text)))
        before, behind = stands_off(forms_of(text)[0])
        for form in forms_of(own[name]):
            assert stands_off(form)[0] >= before, (code, name)
            assert stands_off(form)[1] == behind, (code, name)


@pytest.mark.parametrize("code", OTHERS)
def test_no_text_has_stayed_english(code: str) -> None:
    own = translatable(code)
    english = translatable(ENGLISH)
    same = {name for name, text in english.items() if own[name] == text}
    same = {name for name in same if re.search("[a-z]{2}", re.sub(r"\{.*?\}", "", str(own[name])))}
    assert same == SAME[code]


def test_a_text_that_is_missing_is_said_in_english_and_never_silently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "_files", dict(speech._files))
    own = tmp_path / "eo.toml"
    own.write_text('[language]\nname = "Esperanto"\nforms = "eo"\n[views]\nstart = "Komenco"\n')
    with speaking(str(own)):
        with pytest.warns(Untranslated, match=r"eo\.toml lacks \d+ texts, .*: page\.title"):
            assert say("views.start") == "Komenco"
        assert say("views.about") == "About"


def test_a_language_that_there_is_not_is_refused_in_one_sentence(tmp_path: Path) -> None:
    for given in ("xx", "fi.toml", "", "../fi"):
        with pytest.raises(InputError, match="allowed is one of en, fi, sv, or a file of texts"):
            speak(given)
    odd = tmp_path / "odd.toml"
    for text, fault in (("[", "cannot be read as TOML"), ("[language]\n", "language.name is")):
        odd.write_text(text)
        with pytest.raises(InputError, match=fault):
            speak(str(odd))
        speech._files.pop("odd", None)
    assert spoken() == ENGLISH


def test_the_form_of_a_text_follows_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = {"one": "{n} kokous", "other": "{n} kokousta"}
    monkeypatch.setattr("cisim.show.language.texts.texts", lambda: {"a": {"b": forms}})
    with speaking("fi"):
        assert [say("a.b", n=n) for n in (1, 2, 0)] == ["1 kokous", "2 kokousta", "0 kokousta"]


def test_numbers_lists_and_months_are_written_as_the_language_writes_them() -> None:
    said = {}
    for code in ("en", "fi", "sv"):
        with speaking(code):
            number = localised("-1,204.5"), localised("35%")
            said[code] = (*number, listed(["a", "b", "c"]), month_names()[0])
    assert said == {
        "en": ("-1,204.5", "35%", "a, b and c", "January"),
        "fi": ("−1\u00a0204,5", "35\u00a0%", "a, b ja c", "tammikuu"),
        "sv": ("−1\u00a0204,5", "35\u00a0%", "a, b och c", "januari"),
    }


def test_a_number_that_is_given_with_a_format_is_written_as_the_language_writes_it() -> None:
    text = "{n:.1f} {m} {o:,}"
    from cisim.show.language.texts import filled

    with speaking("fi"):
        assert filled(text, n=0.5, m=2026, o=1204) == "0,5 2026 1\u00a0204"
    assert filled(text, n=0.5, m=2026, o=1204) == "0.5 2026 1,204"


SAID = re.compile(r"""\b(?:say|part|marked)\(\s*f?["']([a-z_]+[\w.\-{}]*)["'][,)]""")


def test_what_the_code_says_is_there() -> None:
    english = dict(texts_of(file_of(ENGLISH)))
    parts = {name.rpartition(".")[0] for name in english} | {name.split(".")[0] for name in english}
    written = (ROOT / "cisim" / "show").rglob("*.jinja")
    for path in (*(ROOT / "cisim").rglob("*.py"), *written):
        for name in SAID.findall(path.read_text("utf-8")):
            if "{" not in name:
                assert name in english or name in parts, f"{path.name} says {name}"


COMPOSED = (
    "levers.",
    "counted.",
    "about.",
    "groups.",
    "validated.words.",
    "outcome_groups.",
    "sponsor_kinds.",
    "why.",
    "event_",
    "views.",
    "network.",
    "story.keys_do.",
    "stage.",
    "places.",
)
"""Parts whose names are put together from those of levers, outcomes, events; held elsewhere."""


def test_nothing_is_there_that_nobody_says() -> None:
    sources = [
        path.read_text("utf-8")
        for kind in ("*.py", "*.vue", "*.js", "*.jinja")
        for path in (ROOT / "cisim").rglob(kind)
    ]
    words = set(re.findall(r"[\w-]+", "\n".join(sources)))
    composed = [
        re.compile(re.sub(r"\\\{.*?\\\}", r"[\\w-]+", re.escape(name)))
        for name in SAID.findall("\n".join(sources))
        if "{" in name
    ]
    for name in dict(texts_of(file_of(ENGLISH))):
        if not name.startswith(COMPOSED) and not any(one.fullmatch(name) for one in composed):
            assert name.rpartition(".")[2] in words, f"nobody says {name}"


@pytest.mark.parametrize("code", ["en", "fi", "sv"])
def test_playing_and_showing_again_are_called_by_two_words(code: str) -> None:
    with speaking(code):
        plays = {say(f"{one}.play") for one in ("stage", "network", "story")}
        again = {say(f"{one}.replay") for one in ("explore", "story")}
    assert plays.isdisjoint(again)


def test_part_is_a_copy_that_nobody_can_spoil() -> None:
    part("page")["title"] = "spoilt"
    assert say("page.title") != "spoilt"
