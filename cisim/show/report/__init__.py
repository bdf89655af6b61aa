"""A comparison as one file that can be read, printed and passed on by itself.

The first page is the answer: what to do, how often that is right and what it hangs on, who pays
what in which year, what each choice brings for its money, what would turn it. Then what is
compared, what follows, costs, what it hangs on and what it cannot say, on at most five pages;
all else is an appendix. Nothing is loaded from anywhere, nothing is run: numbers come from finished
comparisons, and the same ones give the same bytes. A number in a sentence is the text of the
table's cell.

case.py holds what is reported on; answer and bill are the first page; question, follows, figures,
pays, assumed, believed and again are the sections; page.py puts them together in templates/,
file.py writes the page. analysed.py is the page of a study's analyses, track.py that of a
tracked partnership, in the same clothes.
"""

from cisim.show.report.analysed import analysis_report
from cisim.show.report.assumed import EFFORT_HALF
from cisim.show.report.case import KEPT
from cisim.show.report.figures import network_charts
from cisim.show.report.file import check_report, write_report
from cisim.show.report.page import report
from cisim.show.report.track import track_report

__all__ = [
    "EFFORT_HALF",
    "KEPT",
    "analysis_report",
    "check_report",
    "network_charts",
    "report",
    "track_report",
    "write_report",
]
