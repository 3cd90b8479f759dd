"""What can be brought into the ground."""

from portal.sheets import registry
from portal.sheets.ground import KeyFigureSheet, OrganisationSheet

registry.register([OrganisationSheet, KeyFigureSheet])
