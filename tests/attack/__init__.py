"""What curious pupils might send, on loopback only, bounded in count and time: `python -m tests.attack NAME`."""
