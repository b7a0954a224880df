"""How each tool writes down and serves what it knows of the sandbox company.

A vendor's module has `render(connection, folder)`, which turns the tables of the schema `world`
into the vendor's own objects or files; one with an HTTP API also has `routes(store)` and
`settings(base_url)`, the environment that points the connector at it.
"""
