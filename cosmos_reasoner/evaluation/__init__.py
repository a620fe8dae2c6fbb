"""Recordings and labels in, scores and a report out."""
