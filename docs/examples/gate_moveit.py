"""A gate between plan and execute, for MoveIt's own Python library (moveit_py)."""

from typing import Any

from gate import decide, planner

from cosmos_reasoner.nodes.planner_client import PlannerClient


def move(robot: Any, arm: Any, client: PlannerClient, statement: str) -> str:
    """Plan, ask, and execute only on PROCEED.

    Args:
        robot: A `moveit.planning.MoveItPy`.
        arm: Its planning component, with start and goal set.
        client: Asks the reasoner.
        statement: What must hold before the arm moves.

    Returns:
        "moved", "no plan", or what kept it from moving: "hold" or "abort".
    """
    plan = arm.plan()
    if not plan:
        return "no plan"
    decision = decide(client, statement)
    if decision != "proceed":
        return decision
    robot.execute(plan.trajectory, controllers=[])
    return "moved"


def main() -> None:
    """Move an arm to its named state "ready"."""
    from moveit.planning import MoveItPy

    with planner() as client:
        robot = MoveItPy(node_name="gated_arm")
        arm = robot.get_planning_component("arm")
        arm.set_start_state_to_current_state()
        arm.set_goal_state(configuration_name="ready")
        print(move(robot, arm, client, "nothing is between the gripper and the table"))


if __name__ == "__main__":
    main()
