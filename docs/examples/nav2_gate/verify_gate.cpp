// A node for Nav2's behavior trees that asks the reasoner's gate: SUCCESS on PROCEED, else FAILURE.
#include <chrono>
#include <memory>
#include <string>

#include "behaviortree_cpp/bt_factory.h"
#include "cosmos_reasoner_msgs/srv/verify.hpp"
#include "nav2_behavior_tree/bt_service_node.hpp"

using cosmos_reasoner_msgs::srv::Verify;

class VerifyGate : public nav2_behavior_tree::BtServiceNode<Verify>
{
public:
  VerifyGate(const std::string & name, const BT::NodeConfiguration & conf)
  : nav2_behavior_tree::BtServiceNode<Verify>(name, conf) {}

  static BT::PortsList providedPorts()
  {
    return providedBasicPorts({
      BT::InputPort<std::string>("statement", "what must hold to go on"),
      BT::InputPort<double>("time_budget", 2.0, "how long an answer may take, s"),
      BT::OutputPort<std::string>("decision", "PROCEED, HOLD or ABORT"),
      BT::OutputPort<std::string>("reason", "why, in one line")});
  }

  void on_tick() override
  {
    setOutput("decision", std::string("HOLD"));  // stands when no answer comes
    setOutput("reason", std::string("no answer yet"));
    double budget = 2.0;
    getInput("time_budget", budget);
    getInput("statement", request_->statement);
    request_->time_budget = rclcpp::Duration::from_seconds(budget);
    // Nav2's default_server_timeout of 20 ms is meant for services that only take note of something.
    server_timeout_ = std::chrono::milliseconds(static_cast<int>(1000 * budget) + 500);
  }

  BT::NodeStatus on_completion(std::shared_ptr<Verify::Response> response) override
  {
    const bool proceed = response->decision == Verify::Response::PROCEED;
    const bool abort = response->decision == Verify::Response::ABORT;
    setOutput("decision", std::string(proceed ? "PROCEED" : abort ? "ABORT" : "HOLD"));
    setOutput("reason", response->error_code ? response->error_message : response->reason);
    return proceed ? BT::NodeStatus::SUCCESS : BT::NodeStatus::FAILURE;
  }
};

BT_REGISTER_NODES(factory)
{
  factory.registerNodeType<VerifyGate>("VerifyGate");
}
