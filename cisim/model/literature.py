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
    "Pant & Yu 2025": Source(
        "Pant, V. & Yu, E. (2025, revised 2026). Computational foundations for strategic "
        "coopetition: formalizing trust and reputation dynamics. arXiv:2510.24909.",
        "Those who propose the model also tested it: on 78,125 settings of its own numbers, and on "
        "one alliance of two car makers.",
        "abstract",
    ),
    "Friedkin & Johnsen 1990": Source(
        "Friedkin, N. E. & Johnsen, E. C. (1990). Social influence and opinions. Journal of "
        "Mathematical Sociology 15(3-4), 193-206. doi:10.1080/0022250X.1990.9990069",
        "None known. Opinions of persons in small groups, not agendas of organisations.",
        "cited, not read",
    ),
    "Deffuant 2000": Source(
        "Deffuant, G., Neau, D., Amblard, F. & Weisbuch, G. (2000). Mixing beliefs among "
        "interacting agents. Advances in Complex Systems 3, 87-98. "
        "doi:10.1142/S0219525900000078",
        "None known. A model of opinions without data.",
        "cited, not read",
    ),
    "Fischbacher 2001": Source(
        "Fischbacher, U., Gächter, S. & Fehr, E. (2001). Are people conditionally cooperative? "
        "Evidence from a public goods experiment. Economics Letters 71(3), 397-404. "
        "doi:10.1016/S0165-1765(01)00394-9",
        "None known. Students who gave money in a laboratory, not organisations that give time.",
        "cited, not read",
    ),
    "Hirshleifer 1983": Source(
        "Hirshleifer, J. (1983). From weakest-link to best-shot: the voluntary provision of public "
        "goods. Public Choice 41(3), 371-386. doi:10.1007/BF00141070",
        "None known. Theory of public goods without data.",
        "cited, not read",
    ),
    "Gulati & Gargiulo 1999": Source(
        "Gulati, R. & Gargiulo, M. (1999). Where do interorganizational networks come from? "
        "American Journal of Sociology 104(5), 1439-1493. doi:10.1086/210179",
        "None known. Alliances of firms in three industries over nine years, not of public "
        "services.",
        "abstract",
    ),
    "Jeong 2003": Source(
        "Jeong, H., Néda, Z. & Barabási, A.-L. (2003). Measuring preferential attachment in "
        "evolving networks. Europhysics Letters 61(4), 567-572. doi:10.1209/epl/i2003-00166-9",
        "None known. Citations, the internet, actors and authors, not organisations.",
        "abstract",
    ),
    "Miritello 2013": Source(
        "Miritello, G., Lara, R., Cebrián, M. & Moro, E. (2013). Limited communication capacity "
        "unveils strategies for human interaction. Scientific Reports 3, 1950.",
        "None known. Telephone calls of 20 million people over 19 months, not of organisations.",
        "abstract",
    ),
    "Burt 2002": Source(
        "Burt, R. S. (2002). Bridge decay. Social Networks 24(4), 333-363. "
        "doi:10.1016/S0378-8733(02)00017-5",
        "None known. Relations of bankers in one firm over four years, not of organisations.",
        "cited, not read",
    ),
    "Drabek 1981": Source(
        "Drabek, T. E., Tamminga, H. L., Kilijanek, T. S. & Adams, C. R. (1981). Managing "
        "multiorganizational emergency responses: emergent search and rescue networks in natural "
        "disaster and remote area settings. Monograph 33, Institute of Behavioral Science, "
        "University of Colorado.",
        "None known. Organisations in the first days after a disaster, not services for children.",
        "data of four networks (emon in the R package network); the monograph was not",
    ),
    "Ernstson 2010": Source(
        "Ernstson, H., Barthel, S., Andersson, E. & Borgström, S. T. (2010). Scale-crossing "
        "brokers and network governance of urban ecosystem services: the case of Stockholm. "
        "Ecology and Society 15(4), 28.",
        "None known. Case studies of green areas of one city, not of services for children.",
        "abstract",
    ),
    "judgement": Source(
        "Judgement of those who wrote the model.",
        "Those who wrote the model want it to behave sensibly.",
        "nothing to read",
    ),
}
"""Every source that evidence may refer to."""
