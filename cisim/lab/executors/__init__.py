"""Many independent pieces of work, here, in processes of this machine or on a cluster.

A piece is `function(shared, index)`: it depends on nothing else, so any number of workers, any
order and any cutting into chunks give the same bits. Local processes are spawned once, kept for the
next call and closed when Python ends. They do not import the caller's script again, so a notebook,
`python -c` or a script without an `if __name__ == "__main__"` can ask too.

What goes wrong costs no more than itself. A piece that raises is tried once more after the others
and then quarantined. Where a process is lost, everything it may have been doing is done again
alone: first the chunk, then its pieces one by one, and a piece that is lost again is quarantined;
so is one that twice does not end in time. Ctrl-C lets the pieces under way finish and keeps what is
done; a second Ctrl-C does not wait for them.
"""

from cisim.lab.executors.choice import Executor, Local, Serial, executor_of, on
from cisim.lab.executors.cluster import Cluster
from cisim.lab.executors.counting import count_workers, processors, whole_number
from cisim.lab.executors.guest import is_guest
from cisim.lab.executors.pool import close, start
from cisim.lab.executors.seam import execute
from cisim.lab.executors.work import Ending, Fault, Function, Keep, Progress, Say

__all__ = [
    "Cluster",
    "Ending",
    "Executor",
    "Fault",
    "Function",
    "Keep",
    "Local",
    "Progress",
    "Say",
    "Serial",
    "close",
    "count_workers",
    "execute",
    "executor_of",
    "is_guest",
    "on",
    "processors",
    "start",
    "whole_number",
]
