"""Governance: what the project is held to, looked at and told."""
