"""A tree for py_trees that goes only when the gate says PROCEED, and steps back when it does not."""

import rclpy
from py_trees.behaviour import Behaviour
from py_trees.behaviours import Success
from py_trees.common import Status
from py_trees.composites import Selector, Sequence
from py_trees.decorators import Timeout
from py_trees.trees import BehaviourTree
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.task import Future

from cosmos_reasoner.nodes.behaviours import Verify


def gated(statement: str, go: Behaviour, step_back: Behaviour, patience: float = 10.0) -> Behaviour:
    """Go if the statement is true; step back if it is not, or if it holds for longer than `patience`, s."""
    gate = Timeout("patience", Verify("gate", statement, budget=2.0), duration=patience)
    way = Sequence("way", memory=True, children=[gate, go])
    return Selector("gated", memory=True, children=[way, step_back])


def run(node: Node, root: Behaviour) -> Future:
    """Tick the tree ten times a second; what is returned is done when the tree ends."""
    tree, ended = BehaviourTree(root), Future()
    tree.setup(node=node)

    def tick() -> None:
        tree.tick()
        if root.status is not Status.RUNNING:
            timer.cancel()
            ended.set_result(root.tip().name)

    timer = node.create_timer(0.1, tick)
    return ended


def main() -> None:
    """Put your own behaviours in the places of the two that only succeed."""
    rclpy.init()
    node = Node("gated")
    root = gated("nothing stands on the path before the robot", Success("go"), Success("step back"))
    try:
        ended = run(node, root)
        rclpy.spin_until_future_complete(node, ended)
        print(ended.result())
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    finally:
        rclpy.try_shutdown()


if __name__ == "__main__":
    main()
