"""A partnership from one's own files: tables and networks as people have them become a world.

Files are read into tables (reading), a mapping says what columns and scales mean (mapping,
proposal), answers become the strength of ties by stated rules (scales, answers, twomode), and all
of it a world (place) or a structure (decisions) as text (written). How far month 0 then looks like
the data is measured (fit). Whatever is wrong is gathered with file, row and column (faults).
"""
