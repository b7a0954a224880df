"""`cdi governance`: six questions of data governance, answered with evidence.

What dbt's tests and models can see is in `governance.checks`; what only Python can, such as files
and secrets, its probes look at.
"""
