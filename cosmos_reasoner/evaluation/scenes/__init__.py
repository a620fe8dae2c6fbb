"""Simulated scenes with exact truth: a benchmark that needs no data."""
