"""The kinds of things that are simulated: one module a kind."""
