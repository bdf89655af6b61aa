"""A comparison as one file that can be read, printed and passed on by itself.

In a planner's order: the question, what differs, what follows, charts, what it costs and where it
breaks even, what it hangs on, what it cannot say, how to run it again. Nothing is loaded from
anywhere, nothing is run: numbers come from finished comparisons, and the same ones give the same
bytes. A number in a sentence is the text of the table's cell.

case.py holds what is reported on; question, follows, figures, pays, assumed and again are the
sections; page.py puts them together, file.py writes the page.
"""

from cisim.show.report.assumed import EFFORT_HALF
from cisim.show.report.case import KEPT
from cisim.show.report.figures import network_charts
from cisim.show.report.file import check_report, write_report
from cisim.show.report.page import report

__all__ = ["EFFORT_HALF", "KEPT", "check_report", "network_charts", "report", "write_report"]
