"""What people read, in their language: each language is one file.

    spoken   which languages there are, and which one is spoken here
    texts    texts by name, with what is given filled in
    forms    numbers, months, lists and counts, as the language writes them
    xx.toml  every text of one language, by part and name; en.toml has them all

Nothing below `show` needs it: model, world and lab count, and say what went wrong in English.
"""
