"""The verbs of the command line, one module each: the only places that build things."""
