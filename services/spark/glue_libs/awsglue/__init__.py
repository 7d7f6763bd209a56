"""AWS Glue's Python library as far as plain jobs use it, over Spark's DataFrames."""
