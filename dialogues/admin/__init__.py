"""The admin of dialogues: the record itself, and what hangs on it and has pages of its own."""

from dialogues.admin import dialogue, meetings, commitments, cycles  # noqa: F401, I001 (the order people see)
