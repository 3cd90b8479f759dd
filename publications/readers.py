"""What can be brought into publications."""

from portal.imports import readers
from portal.sheets import sheet
from publications.bibliographies.reading import READERS
from publications.sheets import PublicationSheet

sheet.register([PublicationSheet])
for reader in READERS:
    readers.register(reader)
