"""The page: a room watches collaboration and outcomes emerge. On this machine only, offline.

    server     starts it: loopback, one link with a token, nothing from outside
    guard      who is let in: Host, Origin, token
    document   the frame of the page: language, title, zoom, styles
    words      every text, in words.toml
    address    what is looked at, as the address of the page
    levers     what can be changed, from the declarations
    futures    ensembles that begin quick and sharpen, shared by visitors, cached
    app        the Solara application; a .vue file and a view function for each page

View functions are plain: what is asked and finished arrays in, what the page shows out.
"""

from cisim.show.page.server import serve

__all__ = ["serve"]
