"""`cdi governance`: six questions of data governance, answered with evidence."""
