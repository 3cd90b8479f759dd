"""Bringing in what stands elsewhere: entries of any source, what each would do, and all of it in one transaction.

    reader -> entries -> a plan that is shown -> somebody agrees -> carried out, or nothing of it

A live record gets a draft; nothing is published by an import.
"""
