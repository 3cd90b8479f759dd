"""What can be brought into the ground."""

from portal.sheets import registry
from portal.sheets.ground import FigureGroupSheet, KeyFigureSheet, OrganisationSheet

registry.register([OrganisationSheet, FigureGroupSheet, KeyFigureSheet])
