"""Readers' search: what words are, where they are kept, how they are found, and what leads to them."""
