"""What a data-collection cycle says: as a document, searched, counted, compared with another, and on public pages."""
