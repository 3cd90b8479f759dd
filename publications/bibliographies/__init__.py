"""Lists of literature of others, as BibTeX, RIS, CSL-JSON or Dublin Core, read into entries of an import.

    bytes -> texts.py -> bibtex.py, ris.py, csl.py -> references.py, what any of them says -> entries.py

The scanners are our own: one pass without recursion over whatever stands in a file, each entry with its line, a broken
one between two others without loss. Nothing but entries.py and known.py asks the database.
"""
