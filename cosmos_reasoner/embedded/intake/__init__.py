"""Requests and their media in, pictures out."""
