"""What operators see, row by row."""
