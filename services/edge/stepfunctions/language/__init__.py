"""What a state machine's texts mean: pure functions, without LocalStack."""
