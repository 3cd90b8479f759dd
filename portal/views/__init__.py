"""The pages that belong to no single kind, and what the pages of kinds have in common."""
