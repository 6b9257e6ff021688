"""One change made to many pages, chosen in a listing: topics, contributors, series, links."""
