"""The centre: the fold with its ports, and the loop that drives it."""
