"""A made-up company with a known truth, served through the same APIs the real tools have."""
