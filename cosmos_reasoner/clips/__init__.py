"""Frames in, clips out."""
