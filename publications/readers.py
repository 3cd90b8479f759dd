"""What can be brought into publications."""

from portal.imports import readers
from portal.sheets import registry
from publications.bibliographies.reading import READERS as LISTS
from publications.harvesting.reading import READER as HARVEST
from publications.sheets import PublicationSheet

registry.register([PublicationSheet])
for reader in (*LISTS, HARVEST):
    readers.register(reader)
