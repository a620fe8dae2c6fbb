"""Answers and truths in, numbers out: plain functions of sequences, without knowledge of items."""
