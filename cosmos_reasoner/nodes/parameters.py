"""The settings as ROS 2 parameters: declared from their table, refused with a reason, changed all at once."""

from collections.abc import Callable
from typing import Any

from annotated_types import Ge, Le
from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor, SetParametersResult
from rclpy.node import Node
from rclpy.parameter import Parameter

from cosmos_reasoner.errors import CosmosReasonerError
from cosmos_reasoner.nodes.settings import Settings, is_read_only

__all__ = ["Parameters"]


class Parameters:
    """Declares the parameters on a node and keeps the checked settings.

    A change that would make the settings wrong is refused as a whole; parameters of other owners (use_sim_time, QoS
    overrides) are left alone.

    Args:
        node: Where they are declared.
        check: Raises a CosmosReasonerError when settings that fit together cannot be used.
        changed: Is called after a change with the settings before and after.

    Raises:
        ConfigurationError: The values given at the start are wrong.
    """

    def __init__(
        self, node: Node, check: Callable[[Settings], None], changed: Callable[[Settings, Settings], None]
    ) -> None:
        self._check = check
        self._changed = changed
        self.settings = Settings.checked({name: _declare(node, name) for name in Settings.model_fields})
        node.add_on_set_parameters_callback(self._set)

    def _set(self, parameters: list[Parameter]) -> SetParametersResult:
        """Take a change or refuse it; rclpy has checked types and ranges before."""
        ours = {parameter.name: parameter.value for parameter in parameters if parameter.name in Settings.model_fields}
        try:
            after = Settings.checked({**self.settings.model_dump(), **ours})
            self._check(after)
        except CosmosReasonerError as error:
            return SetParametersResult(successful=False, reason=str(error))
        before, self.settings = self.settings, after
        if before != after:
            self._changed(before, after)
        return SetParametersResult(successful=True)


def _declare(node: Node, name: str) -> Any:
    field = Settings.model_fields[name]
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    descriptor = ParameterDescriptor(description=field.description or "", read_only=is_read_only(name))
    limits = {type(limit): limit for limit in field.metadata}
    if Ge in limits and Le in limits:
        low, high = limits[Ge].ge, limits[Le].le
        if isinstance(default, float):
            descriptor.floating_point_range = [FloatingPointRange(from_value=float(low), to_value=float(high))]
        else:
            descriptor.integer_range = [IntegerRange(from_value=int(low), to_value=int(high), step=1)]
    return node.declare_parameter(name, default, descriptor).value
