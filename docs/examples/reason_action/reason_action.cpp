// A node for BehaviorTree.CPP, on BehaviorTree.ROS2, that asks any task by the action ~/reason.
#include <memory>
#include <string>
#include <vector>

#include "behaviortree_ros2/bt_action_node.hpp"
#include "behaviortree_ros2/plugins.hpp"
#include "cosmos_reasoner_msgs/action/reason.hpp"

using cosmos_reasoner_msgs::action::Reason;
using cosmos_reasoner_msgs::msg::Provenance;

// SUCCESS with an answer, FAILURE without one or with one about an old clip. Halted, it cancels the question.
class ReasonAction : public BT::RosActionNode<Reason>
{
public:
  using BT::RosActionNode<Reason>::RosActionNode;

  static BT::PortsList providedPorts()
  {
    return providedBasicPorts({
      BT::InputPort<std::string>("task", "ask", "see the README for the tasks"),
      BT::InputPort<std::string>("question", "the question, or the statement to verify"),
      BT::InputPort<std::vector<std::string>>("options", "answers to choose from, with ; between them"),
      BT::InputPort<double>("time_budget", 10.0, "how long an answer may take, s"),
      BT::OutputPort<std::string>("writing", "what the model has written so far"),
      BT::OutputPort<std::string>("answer", "what it answered, or the kind of failure")});
  }

  bool setGoal(Goal & goal) override
  {
    writing_.clear();
    double budget = 10.0;
    getInput("time_budget", budget);
    getInput("task", goal.task);
    getInput("options", goal.options);
    goal.time_budget = rclcpp::Duration::from_seconds(budget);
    return bool(getInput("question", goal.question));
  }

  BT::NodeStatus onFeedback(const std::shared_ptr<const Feedback> feedback) override
  {
    writing_ = feedback->part == Feedback::RESTART ? "" : writing_ + feedback->text;
    setOutput("writing", writing_);
    return BT::NodeStatus::RUNNING;
  }

  BT::NodeStatus onResultReceived(const WrappedResult & result) override
  {
    const auto & reasoning = result.result->reasoning;
    setOutput("answer", reasoning.answer);
    const bool stale = reasoning.provenance.status == Provenance::STATUS_STALE;
    return stale ? BT::NodeStatus::FAILURE : BT::NodeStatus::SUCCESS;
  }

  BT::NodeStatus onFailure(BT::ActionNodeErrorCode error) override
  {
    setOutput("answer", std::string(BT::toStr(error)));
    return BT::NodeStatus::FAILURE;
  }

private:
  std::string writing_;
};

CreateRosNodePlugin(ReasonAction, "Reason");
