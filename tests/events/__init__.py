"""A fourth kind of content: one folder and one line in INSTALLED_APPS. The suite runs with it installed."""
