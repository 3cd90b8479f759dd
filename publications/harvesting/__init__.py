"""Another repository's records by OAI-PMH 2.0, as entries of an import.

portal.trying.fetch -> client.py, the protocol -> dublin_core.py, a record as a reference -> reading.py
"""
