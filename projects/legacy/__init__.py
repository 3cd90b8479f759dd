"""An old page in, proposals for projects out: every value with the words it was read from.

    page.py -> parts.py -> splitting.py -> placing.py -> proposals        page, lines with labels, entries, values
    vocabulary.py: the labels and phrases that editors keep    ground.py: the names the portal knows
    proposals -> pieces.py -> saying.py -> an entry of an import          what a person decides, what the record says
    slots.py, typed.py -> forms.py -> admin.py: the page of that          earlier.py: decisions of the time before

Apart because nothing of the site needs it: the words it knows are data, what it finds is only proposed.
"""
