"""Brings in files of IATI activities as drafts of projects."""

from portal.admin.imports.commands import ImportCommand


class Command(ImportCommand):
    help = "Makes drafts of projects from IATI activities (2.01 to 2.03), or changes those that have their identifiers."
    reader = "iati"
