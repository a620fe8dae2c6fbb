"""`ros2 reason`: a command of the ros2 CLI."""
