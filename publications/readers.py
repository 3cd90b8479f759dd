"""What can be brought into publications."""

from portal.sheets import sheet
from publications.sheets import PublicationSheet

sheet.register([PublicationSheet])
