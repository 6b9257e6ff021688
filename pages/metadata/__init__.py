"""What machines are told of the pages: sitemaps, linked data, pictures for sharing, and who to write to."""
