"""What can be brought into the ground."""

from portal.sheets import sheet
from portal.sheets.ground import KeyFigureSheet, OrganisationSheet

sheet.register([OrganisationSheet, KeyFigureSheet])
