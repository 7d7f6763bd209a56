"""What evaluates states in an execution: expressions, templates, distributed maps."""
