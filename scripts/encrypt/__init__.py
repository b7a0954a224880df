"""Encryption at rest: how files are kept, and a change of their key."""
