"""Lists as tables, out and in: the columns of a model, written as CSV or a workbook, edited elsewhere, read back.

What is read becomes entries of portal/imports; nothing is saved here. Sheets of single models stand in each app's
`sheets.py` and are registered by its `readers.py`.
"""
