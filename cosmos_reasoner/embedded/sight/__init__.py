"""Pictures in, measured facts out."""
