"""Arabic dates without the comma that Django puts before the year."""

DATE_FORMAT = "j F Y"
