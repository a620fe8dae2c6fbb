"""A SMACH state machine that goes on only on PROCEED, asks again on HOLD, and gives up on ABORT."""

from collections.abc import Callable
from time import sleep

from gate import decide, planner
from smach import CBState, StateMachine, UserData

from cosmos_reasoner.nodes.planner_client import PlannerClient


def gated(client: PlannerClient, statement: str, go: Callable[[UserData], str], pause: float = 1.0) -> StateMachine:
    """A machine whose state GO, which ends in "done", is entered only when the statement is true."""
    machine = StateMachine(outcomes=["done", "gave_up"])
    gate = CBState(lambda _: decide(client, statement), outcomes=["proceed", "hold", "abort"])
    wait = CBState(lambda _: sleep(pause) or "over", outcomes=["over"])
    with machine:
        StateMachine.add("GATE", gate, {"proceed": "GO", "hold": "WAIT", "abort": "gave_up"})
        StateMachine.add("WAIT", wait, {"over": "GATE"})
        StateMachine.add("GO", CBState(go, outcomes=["done"]))
    return machine


if __name__ == "__main__":
    with planner() as reasoner:
        print(gated(reasoner, "nothing stands on the path before the robot", lambda _: "done").execute())
