"""Demo content: an invented institute, its pages and its readers."""
