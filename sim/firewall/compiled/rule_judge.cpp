#include "sim/firewall/compiled/rule_judge.hpp"

#include "sim/firewall/compiled/classifier.hpp"

#include <cassert>
#include <optional>
#include <vector>

namespace sim::firewall::compiled {
namespace {

class Judge final : public RuleJudge {
public:
    explicit Judge(SharedRules rules) : rules_(std::move(rules)), entries_(rules_->chains().size()) {
        for (const Binding& binding : rules_->bindings()) {
            auto& entry = entries_[binding.chain.index];
            if (!entry) entry.emplace(rules_, binding.chain);
        }
    }
    const RuleSet& rules() const override { return *rules_; }
    Verdict judge(ChainId entry, const Facts& facts) const override {
        assert(entries_[entry.index] && "only chains that are bound are entered");
        return entries_[entry.index]->judge(facts);
    }

private:
    SharedRules rules_;
    std::vector<std::optional<Classifier>> entries_;  // by chain; absent where no packet enters
};

}  // namespace

std::shared_ptr<const RuleJudge> judge_for(const SharedRules& rules, std::uint64_t questions) {
    if (rules == nullptr || rules->rules().size() < least_rules || questions < least_questions) return nullptr;
    return std::make_shared<Judge>(rules);
}

}  // namespace sim::firewall::compiled
