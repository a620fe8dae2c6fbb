"""Pictures and pages of what was seen, thought and predicted, without ROS."""
