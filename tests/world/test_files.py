"""Files are read with care: whatever they hold, it is a table or one sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cisim.model.input_error import InputError, nearest, printable
from cisim.world.files import (
    LARGEST_FILE,
    configs,
    find,
    parse,
    read_text,
    shipped,
)

DEEP = 1000


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse(text, "a.toml")
    said = str(caught.value)
    assert said.startswith("a.toml: ")
    assert "\n" not in said
    return said


def test_every_kind_of_config_is_shipped() -> None:
    assert (configs() / "scenarios").is_dir()
    for kind in ("worlds", "structures", "scenarios"):
        assert shipped(kind)  # type: ignore[arg-type]
        assert list(shipped(kind)) == sorted(shipped(kind))  # type: ignore[arg-type]


def test_a_name_means_a_shipped_file_and_a_path_means_itself() -> None:
    assert find("worlds", "finland").name == "finland.toml"
    assert find("worlds", "here.toml") == Path("here.toml")
    assert find("worlds", f"there{os.sep}here") == Path(f"there{os.sep}here")


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"'finlnd' is not a world .* Did you mean finland\?"):
        find("worlds", "finlnd")


def test_the_nearest_of_very_many_names_is_found_without_comparing_all() -> None:
    names = [f"Region/{number}/education" for number in range(400_000)]
    assert nearest("Region/12/educatoin", names) in ("", " Did you mean Region/12/education?")
    assert nearest("x" * 100_000, names) == ""


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * DEEP + "]" * DEEP,
        "a = " + "[1, " * DEEP + "1" + "]" * DEEP,
        "a = " + "{a = " * DEEP + "1" + "}" * DEEP,
        "a = " + "[{a = " * DEEP + "1" + "}]" * DEEP,
        ".".join("a" * DEEP) + " = 1",
        " . ".join("a" * DEEP) + " = 1",
        ".".join(['"a"'] * DEEP) + " = 1",
        "[" + ".".join("a" * DEEP) + "]",
        "[[" + ".".join("a" * DEEP) + "]]",
        "a = {" + ".".join("a" * DEEP) + " = 1}",
        "a = [\n" * DEEP,
        "[" * (LARGEST_FILE - 10),
        ".".join("a" * (LARGEST_FILE // 2)) + " = 1",
    ],
    ids=range(13),
)
def test_what_is_nested_a_thousand_deep_is_refused(text: str) -> None:
    assert "nested more than 40 deep" in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        'story = "' + "[{" * 100 + "a.b." * 100 + '"',
        "story = '" + "[{" * 100 + "a.b." * 100 + "'",
        'story = """' + '[{ " \\""" a.b.' * 100 + '"""',
        "story = '''" + "[{ ' a.b." * 100 + "'''",
        "# " + "[{a.b." * 100 + "\na = 1",
        "a = [" + ", ".join(["0.5"] * 500) + "]",
        "".join(f"a{number} = 0.5\n" for number in range(500)),
        "a = [" + ",".join(["[0.5]"] * 500) + "]",
    ],
    ids=range(8),
)
def test_brackets_and_dots_in_texts_comments_and_numbers_are_not_depth(text: str) -> None:
    assert parse(text, "a.toml")


@pytest.mark.parametrize(
    "unit",
    ['\\"""\n', '"""', "'''", '"\n', "'\n", '"', "\\", "a", "a.", "[a]\n", "a=1\n", "=", "\n"],
)
def test_ten_megabytes_of_anything_is_read_or_refused(unit: str) -> None:
    text = unit * (LARGEST_FILE // len(unit))
    if text.strip():
        refusal(text)


def test_what_is_not_toml_is_said_with_its_line() -> None:
    assert "line 2" in refusal("a = 1\nb = \n")
    assert "is empty" in refusal(" \n\t\n")
    assert "4300" in refusal(f"a = {'1' * 5000}")


def test_a_file_that_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    def said(path: Path) -> str:
        with pytest.raises(InputError) as caught:
            read_text(path)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    assert "is a folder" in said(tmp_path)
    assert "no such file" in said(tmp_path / "none.toml")
    assert "no such file" in said(tmp_path / "two\nlines.toml")
    assert "cannot be read" in said(tmp_path / "nul\0.toml")
    assert "cannot be read" in said(tmp_path / ("x" * 5000))
    (tmp_path / "latin.toml").write_bytes("title = 'Häme'".encode("latin-1"))
    assert "byte 10 is not UTF-8" in said(tmp_path / "latin.toml")
    with (tmp_path / "large.toml").open("wb") as file:
        file.truncate(20_000_000)
    assert "has 20,000,000 bytes; allowed are at most 10,000,000" in said(tmp_path / "large.toml")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_a_file_without_an_end_is_given_up() -> None:
    with pytest.raises(InputError, match="more than 10,000,000 bytes"):
        read_text(Path("/dev/zero"))


def test_a_mark_at_the_beginning_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbftitle = 'a'")
    assert read_text(tmp_path / "a.toml") == "title = 'a'"


def test_a_path_never_breaks_a_sentence() -> None:
    assert printable("a/b.toml") == "a/b.toml"
    assert "\n" not in printable("a\nb.toml")
    assert len(printable("x" * 5000)) <= 300
