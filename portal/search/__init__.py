"""Search: the query language, the analysis of words, the index. The only code that knows the engine."""
