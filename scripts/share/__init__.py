"""Files for roles: DuckDB has no grants, so each role gets a file with what it may see."""
