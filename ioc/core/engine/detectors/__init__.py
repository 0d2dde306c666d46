"""Detectors: what an observation comes to, each for one sort of condition."""
