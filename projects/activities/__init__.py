"""IATI activities of others, versions 2.01 to 2.03, as drafts of projects: what the portal has a place for goes there,
the rest is kept with the record under the name of its element.
"""
