"""Physical reasoning over camera clips for ROS 2: predicted outcomes and action rankings.

The folders stand in the order in which data flows:

    clips       frames in, clips out
    recordings  bags and videos as frames
    tasks       what can be asked
    endpoints   who answers
    replies     text in, types out
    reasoning   clip + question -> result
    embedded    an endpoint that needs no GPU
    nodes       everything that imports rclpy
    cli         the commands
"""
