"""Trino's functions that are supported, each with its types and DuckDB's way to it.

What is in no list here is refused, never passed on to DuckDB.
"""
