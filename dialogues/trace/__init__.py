"""The commitment trace: from an instrument's domains to what is done about them, and where nothing is."""
