"""Every source that evidence may refer to, with what its authors stand to gain.

References to V20, K26, NZ, PR and R21 name the section, or the number of the interview (K26 23/M);
what they cite was not read unless it is said here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A source that evidence refers to.

    reference : the full reference
    stake     : what its authors stand to gain from what it says
    read      : how far it was read for this model
    """

    reference: str
    stake: str
    read: str


SOURCES: dict[str, Source] = {
    "V20": Source(
        "Virtanen, P., Ristikari, T. & Niemelä, M. (2020). Collective Impact Partnership and "
        "Backbone Organizations as Enablers of Children's Well-Being. In: Leal Filho, W. et al. "
        "(eds) Partnerships for the Goals. Encyclopedia of the UN Sustainable Development Goals. "
        "Springer, Cham. doi:10.1007/978-3-319-71067-9_111-1",
        "Two of the three authors led the Finnish foundation that runs the national backbone; the "
        "third wrote one of the 32 studies reviewed.",
        "in full; the studies that it reviews were not",
    ),
    "K26": Source(
        "Kyösti, A. M. & Airaksinen, J. (2026). Integrative leadership roles for collective impact "
        "backbone organizations. International Journal of Public Leadership. "
        "doi:10.1108/IJPL-11-2025-0194",
        "The first author works at the foundation whose national backbone is studied; its four "
        "members are among the 41 interviewed. There is no comparison without collective impact.",
        "in full",
    ),
    "NZ": Source(
        "Collective action, sustainability for communities: Defining and planning the backbone to "
        "support localities/rohe development. Slides, New Zealand, no date; drawn from the "
        "Tamarack Institute and the Collective Impact Forum.",
        "Guidance by those who introduce the approach, from organisations that promote it; no data "
        "of its own.",
        "in full",
    ),
    "PR": Source(
        "Collective Impact Primer: Keeping Kids Healthy through Collective Impact. One page for a "
        "launch event, no date; adapted from Kania, J. & Kramer, M. (2011), Collective Impact, "
        "Stanford Social Innovation Review.",
        "An invitation to take part; no data of its own.",
        "in full",
    ),
    "R21": Source(
        "Accenture (2021). Refined Collective Impact Model: A window of opportunity to collaborate "
        "through cross-sector partnerships to reach greater impact. February 2021.",
        "Written by a partner of the partnerships that it studies, with its own staff and those of "
        "Save the Children among the 15 interviewed; two of three cases are left blank.",
        "in full",
    ),
    "Slovic 1993": Source(
        "Slovic, P. (1993). Perceived risk, trust, and democracy. Risk Analysis 13(6), 675-682. "
        "doi:10.1111/j.1539-6924.1993.tb01329.x",
        "None known. It is about the public's trust in those who manage risks, not about "
        "organisations that work together.",
        "cited, not read",
    ),
    "Gloppen 2012": Source(
        "Gloppen, K. M., Arthur, M. W., Hawkins, J. D. & Shapiro, V. B. (2012). Sustainability of "
        "the Communities That Care prevention system by coalitions participating in the Community "
        "Youth Development Study. Journal of Adolescent Health 51(3), 259-264. "
        "doi:10.1016/j.jadohealth.2011.12.018",
        "Among the authors is a developer of the programme. Twelve coalitions in the United "
        "States, with a control group.",
        "abstract",
    ),
    "Kuklinski 2015": Source(
        "Kuklinski, M. R., Fagan, A. A., Hawkins, J. D., Briney, J. S. & Catalano, R. F. (2015). "
        "Benefit-cost analysis of a randomized evaluation of Communities That Care: monetizing "
        "intervention effects on the initiation of delinquency and substance use through grade 12. "
        "Journal of Experimental Criminology 11(2), 165-192. doi:10.1007/s11292-014-9226-3",
        "Among the authors are the developers of the programme. A randomised trial in the United "
        "States, about substance use and delinquency.",
        "cited, not read",
    ),
    "Casey": Source(
        "Casey Family Programs (2017, updated since). How does turnover affect outcomes and what "
        "can be done to address retention? Information packet. casey.org",
        "A foundation that works for child welfare. It collects estimates from the United States.",
        "web page",
    ),
    "NNSI": Source(
        "Northwestern Network for Nonprofit and Social Impact: study of 26 education networks over "
        "three years.",
        "None known. Education networks in the United States.",
        "cited, not read",
    ),
    "Tudor Hart 1971": Source(
        "Tudor Hart, J. (1971). The inverse care law. The Lancet 297(7696), 405-412. "
        "doi:10.1016/S0140-6736(71)92410-X",
        "A general practitioner's argument about health care in Britain.",
        "cited, not read",
    ),
    "judgement": Source(
        "Judgement of those who wrote the model.",
        "Those who wrote the model want it to behave sensibly.",
        "nothing to read",
    ),
}
"""Every source that evidence may refer to."""
