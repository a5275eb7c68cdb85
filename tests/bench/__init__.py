"""The project's own benchmark: `make bench`. What is measured is always set against a baseline measured beside it."""
