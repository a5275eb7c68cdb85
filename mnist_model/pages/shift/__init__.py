"""Move a digit, watch every remedy's answer, and find out why: a file for each section below the answers."""
