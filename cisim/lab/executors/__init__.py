"""Many independent pieces of work, one after the other or in processes that stay.

A piece is `function(shared, index)`: it depends on nothing else, so any number of workers, any
order and any cutting into chunks give the same bits. The processes are spawned once, kept for the
next call and closed when Python ends. They do not import the caller's script again, so a notebook,
`python -c` or a script without an `if __name__ == "__main__"` can ask too.

What goes wrong costs no more than itself. A piece that raises is quarantined. Where a process is
killed, everything it may have been doing is done again alone: first the chunk, then its pieces one
by one, and a piece that kills again is quarantined. Ctrl-C lets the pieces under way finish and
keeps what is done; a second Ctrl-C does not wait for them.
"""

from cisim.lab.executors.counting import count_workers, is_child, processors, whole_number
from cisim.lab.executors.pool import close, start
from cisim.lab.executors.seam import execute
from cisim.lab.executors.work import Ending, Fault, Function, Keep, Progress, Say

__all__ = [
    "Ending",
    "Fault",
    "Function",
    "Keep",
    "Progress",
    "Say",
    "close",
    "count_workers",
    "execute",
    "is_child",
    "processors",
    "start",
    "whole_number",
]
