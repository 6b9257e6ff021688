"""The record of moderation: each fact is stored once, in the table where it belongs, and all are read as one log."""

from discussion.record.reading import Entry, all_entries, entries, history_of
from discussion.record.sources import kinds
from discussion.record.writing import write, write_each

__all__ = ["Entry", "all_entries", "entries", "history_of", "kinds", "write", "write_each"]
