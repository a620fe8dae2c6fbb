"""Text in, types out."""
