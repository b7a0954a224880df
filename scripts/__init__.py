"""The `cdi` command: `cli.py` and one small module a subcommand."""
