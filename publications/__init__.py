"""Publications: what the organisation and its projects have written, with its files."""
