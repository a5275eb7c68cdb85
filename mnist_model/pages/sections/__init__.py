"""The parts of the Shift page below the answers, one file each; one is shown at a time."""
