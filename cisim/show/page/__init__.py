"""The page: a room watches collaboration and outcomes emerge. On this machine only, offline.

    words       every text, in words.toml
    outcomes    those that the page can show
    background  what is made aside, and handed to a page in its own thread
    packing     large values on their way to the browser
    shelf       the stories that can be told, one's own first
    room        what phones guess, counted; only where the page was started for a room
    address     what is looked at, as the address of the page; what a visitor does to it
    futures     ensembles that begin quick and sharpen, shared by visitors, cached
    network     who works with whom, as films and their player
    story       a story step by step, for the page and as a file of its own
    views       what each part shows, from finished arrays
    screens     a template for each part, what it is given, and the parts joined
    app         the Solara application
    server      starts it: loopback, one link with a token, nothing from outside; for a room, phones
                reach one question at another port, and nothing else

Each imports only those above it. View functions are plain: what is asked and finished arrays in,
what the page shows out.
"""

from cisim.show.page.server.serve import serve

__all__ = ["serve"]
