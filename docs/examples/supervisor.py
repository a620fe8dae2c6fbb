"""A small supervisor: it proceeds, waits or aborts as the reasoner advises, and moves nothing itself.

It needs a reasoner node that predicts periodically, as it does by default: see docs/planners.md.
"""

import argparse

import rclpy
from py_trees.blackboard import Blackboard
from py_trees.common import Status
from py_trees.composites import Sequence
from py_trees.trees import BehaviourTree
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.task import Future
from rclpy.utilities import remove_ros_args

from cosmos_reasoner.nodes.behaviours import GuardHazard, RankActions, Verify

ACTIONS = {
    "go_left": "turn to the left and go on",
    "go_right": "turn to the right and go on",
    "go_on": "go straight on",
}
WORDS = {Status.SUCCESS: "PROCEED", Status.RUNNING: "WAIT", Status.FAILURE: "ABORT"}


def supervisor(statement: str, reasoner: str = "/reasoner", budget: float = 5.0, period: float = 1.0) -> Sequence:
    """A tree that succeeds when the statement is true and an action is chosen, and fails when it is not true.

    The guard is asked at every tick, and ends the rest when a hazard is predicted; gate and ranking are asked once.
    """
    way = Sequence("way", memory=True)
    way.add_children(
        [
            Verify("gate", statement, budget, period, reasoner),
            RankActions("choice", ACTIONS, "go on without touching anything", budget, reasoner=reasoner),
        ]
    )
    root = Sequence("supervisor", memory=False)
    root.add_children([GuardHazard("guard", 10.0, reasoner=reasoner), way])
    return root


def advice(root: Sequence) -> str:
    """What the tree says now, in one line."""
    chosen = Blackboard.get("/best_action") if root.status is Status.SUCCESS else ""
    tip = root.tip()
    return f"{WORDS.get(root.status, 'WAIT')} {chosen}".strip() + f" ({tip.name}: {tip.feedback_message})"


def watch(node: Node, root: Sequence) -> Future:
    """Tick the tree ten times a second; what is returned is done when the tree ends."""
    tree, ended, said = BehaviourTree(root), Future(), [""]
    tree.setup(node=node)

    def tick() -> None:
        tree.tick()
        if (now := advice(root)) != said[-1]:
            said.append(now)
            print(now, flush=True)
        if root.status is not Status.RUNNING:
            timer.cancel()
            ended.set_result(now)

    timer = node.create_timer(0.1, tick)
    return ended


def main() -> None:
    """Give advice until there is nothing more to say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statement", default="nothing stands in the way", help="what must hold to go on")
    parser.add_argument("--reasoner", default="/reasoner", help="full name of the reasoner node")
    args, rest = parser.parse_known_args()
    if unknown := remove_ros_args(rest):
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    rclpy.init(args=rest)
    node = Node("supervisor")
    try:
        rclpy.spin_until_future_complete(node, watch(node, supervisor(args.statement, args.reasoner)))
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    except Exception:
        if rclpy.ok():
            raise  # else ROS was shut down by a signal in the middle of something, which is no fault
    finally:
        node.destroy_node()
        rclpy.try_shutdown()


if __name__ == "__main__":
    main()
