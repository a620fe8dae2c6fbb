"""Predictions, rankings and clips as pictures."""
