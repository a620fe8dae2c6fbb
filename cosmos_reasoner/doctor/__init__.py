"""What a live endpoint can do."""
