"""Results and truths in, numbers out."""
