"""The part of AWS Glue's Python library that job scripts start with."""
