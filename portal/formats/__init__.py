"""What visitors take away: the same records as on the page, in the same order, in other formats."""
