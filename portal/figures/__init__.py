"""The figures check: what is stated compared with what it should be, reported and never corrected."""
