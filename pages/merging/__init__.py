"""Making one of two pages that stand for the same person or the same topic."""
