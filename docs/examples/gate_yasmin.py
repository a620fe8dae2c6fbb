"""A YASMIN state machine that goes on only on PROCEED, asks again on HOLD, and gives up on ABORT."""

from collections.abc import Callable
from time import sleep

from gate import decide, planner
from yasmin import Blackboard, CbState, StateMachine

from cosmos_reasoner.nodes.planner_client import PlannerClient


def gated(client: PlannerClient, statement: str, go: Callable[[Blackboard], str], pause: float = 1.0) -> StateMachine:
    """A machine whose state GO, which ends in "done", is entered only when the statement is true."""
    machine = StateMachine(["done", "gave_up"])
    gate = CbState(["proceed", "hold", "abort"], lambda _: decide(client, statement))
    wait = CbState(["over"], lambda _: sleep(pause) or "over")
    machine.add_state("GATE", gate, {"proceed": "GO", "hold": "WAIT", "abort": "gave_up"})
    machine.add_state("WAIT", wait, {"over": "GATE"})
    machine.add_state("GO", CbState(["done"], go))
    return machine


if __name__ == "__main__":
    with planner() as reasoner:
        print(gated(reasoner, "nothing stands on the path before the robot", lambda _: "done")(Blackboard()))
