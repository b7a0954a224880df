"""Personal data: declared once, followed through every model, and looked for where undeclared."""
