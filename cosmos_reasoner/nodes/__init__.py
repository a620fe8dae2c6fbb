"""Everything that imports rclpy."""
