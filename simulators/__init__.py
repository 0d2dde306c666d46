"""The simulated province: pure functions of seed, thing, times and world."""
