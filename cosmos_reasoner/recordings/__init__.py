"""Bags and videos as frames."""
