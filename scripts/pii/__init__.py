"""Finds personal data that nobody has declared."""
