"""Recordings for the viewer of rerun (https://rerun.io), which is imported only when one is written."""
