"""The edge to the broker."""
