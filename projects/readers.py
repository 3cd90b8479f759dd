"""What can be brought into projects."""

from portal.sheets import sheet
from projects.sheets import ProjectSheet

sheet.register([ProjectSheet])
