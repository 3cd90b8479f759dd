"""What records said over time: versions, drafts of what is live, and putting either of them in place."""
