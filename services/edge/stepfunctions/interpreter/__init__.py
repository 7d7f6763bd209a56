"""Mends of LocalStack's interpreter of state machines; each module names the files it mends."""
