"""The command line: parse, call, print.

Each command imports what it needs when it is called, so that `cisim list` answers at once and a
short run is not kept waiting by what only large ones need. Results go to standard output, what is
said about them to standard error. Exit codes: 0 done, 2 wrong input (one sentence), 3 finished
with quarantined runs, 130 interrupted with everything finished kept.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cisim.cli.analyse import analyse
from cisim.cli.calibrate import calibrate
from cisim.cli.check import check
from cisim.cli.compare import compare
from cisim.cli.documents import evidence, odd
from cisim.cli.endings import DONE, FAILED, interrupted, what_is_kept, wrong
from cisim.cli.given import Command, typed_as
from cisim.cli.import_files import import_
from cisim.cli.listing import list_
from cisim.cli.optimise import optimise
from cisim.cli.page import ui
from cisim.cli.rerun import rerun
from cisim.cli.run import run
from cisim.cli.story import story
from cisim.cli.streams import OutputLostError, flush, forget, open_streams, say, show
from cisim.cli.sweep import sweep
from cisim.cli.template import template
from cisim.cli.threshold import threshold
from cisim.cli.track import track
from cisim.cli.validate import validate
from cisim.cli.verify import verify

LONGEST_SENTENCE = 1000


app = typer.Typer(
    name="cisim",
    help="Simulate how partnerships for children's wellbeing form, hold or fall apart.\n\n"
    "Example: cisim compare no-backbone national-and-regional --replicates 50",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for each in (
    run, compare, threshold, track, sweep, analyse, optimise, calibrate, story, validate, rerun,
    verify, list_, check, template, import_, odd, evidence, ui,
):  # fmt: skip
    app.command(name=each.__name__.rstrip("_"), cls=Command)(each)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, by default that of this process; return its exit code."""
    if not open_streams():
        return wrong(
            "Standard output is closed, so nothing was run; allowed is a terminal, a file or "
            f"{os.devnull}."
        )
    typed = list(sys.argv[1:] if arguments is None else arguments)
    command = typer.main.get_command(app)
    try:
        with command.make_context("cisim", typed or ["--help"], obj=tuple(typed)) as context:
            code = command.invoke(context)
        flush()
    except typer.Exit as end:  # --help, --version
        return end.exit_code
    except KeyboardInterrupt:
        return interrupted(what_is_kept(typed))
    except BrokenPipeError:  # whoever read has seen enough
        forget(sys.stdout)
        return DONE
    except typer.TyperException as error:
        return wrong(_usage(error))
    except OutputLostError as error:
        return _lost(str(error))
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno == errno.ENOSPC:
            return _lost(str(error.strerror))  # of --help, which is printed for us
        if os.environ.get("CISIM_TRACEBACK"):
            raise
        return _unexpected(error)
    return code if isinstance(code, int) else DONE


def _lost(reason: str) -> int:
    """Return the exit code for output that nobody gets; files were written whole before."""
    forget(sys.stdout)
    return wrong(
        f"Standard output cannot be written ({reason}); files that were asked for are whole."
    )


def _unexpected(error: Exception) -> int:
    what = " ".join(f"{type(error).__name__}: {error}".split())
    say(f"cisim failed by a fault of its own ({what}); CISIM_TRACEBACK=1 shows where.")
    return FAILED


def _usage(error: Any) -> str:
    """Return in one sentence what is wrong with options and arguments, and where to read on."""
    from cisim.model.input_error import nearest

    message, near = str(error.message), ""
    if getattr(error, "param", None) is not None and message:
        colon = "" if message.startswith(("is ", "lacks ")) else ":"
        said = f"{typed_as(error.param)}{colon} {message}"
    elif getattr(error, "possibilities", None):
        said, near = message, nearest(str(error.option_name), error.possibilities)
    else:
        said = error.format_message()
    said = "".join(one if one.isprintable() else repr(one)[1:-1] for one in " ".join(said.split()))
    said = said[:LONGEST_SENTENCE].rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "cisim"
    end = "" if said.endswith("?") else "."
    return f"{said}{end}{near} ({command} --help)"


def _version(wanted: bool) -> None:
    if wanted:
        from cisim.version import __version__

        show(f"cisim {__version__}")
        raise typer.Exit


@app.callback()
def _cisim(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass
