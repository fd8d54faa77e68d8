"""Reading what is published: pages, totals, searches, files, beside others with the same rows."""
