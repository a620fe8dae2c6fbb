"""Candidate actions asked about in several orderings, and one ranking made of all replies."""
