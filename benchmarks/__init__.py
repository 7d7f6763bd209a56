"""Rows of `make bench`: work that is timed against a rival in the same run, or against a limit."""
