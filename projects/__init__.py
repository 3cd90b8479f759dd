"""Projects: what the organisation carries out, for whom and with whose money."""
