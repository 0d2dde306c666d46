"""What this machine does, and what its parts could do alone, measured in one run."""
