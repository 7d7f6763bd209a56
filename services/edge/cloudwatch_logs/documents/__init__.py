"""Pure: filter patterns of log events, and pages of them."""
