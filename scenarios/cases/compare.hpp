// Agreement by field: what was expected of each step against what this box did.
//
// hook, verdict, by, trace, ct, entry, with and reply must be the same, absent ones included (no entry is an answer);
// out, nat, logs, hotdrop, reply_packet, reply_out, reply_ct, reply_trace and inside are looked at where they were
// recorded. Of objects (reply_packet, nat, inside) the recorded keys count. `entry_unknown` leaves the entry out.
#pragma once

#include "scenarios/cases/names.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::cases {

class Tally {
public:
    static constexpr std::size_t shown_max = 20;

    struct Count {
        std::string field;
        std::size_t agree = 0;
        std::size_t all = 0;
    };
    struct Disagreement {
        std::string what;  // "case x step 3"
        std::string field;
        std::string expected;
        std::string got;
    };

    // A step that was played. `expect` may be empty: then nothing is compared.
    void step(const json::object& line, const json::object& expect);
    // One field of anything else.
    void field(const std::string& what, std::string_view name, bool agrees, std::string expected, std::string got);
    // A line or a case without a verdict.
    void error(const std::string& what, const std::string& why);

    bool agrees() const { return errors_.empty() && disagreements_ == 0; }
    bool has_errors() const { return !errors_.empty(); }

    // "hook 2519 of 2519", a line a field, then the first disagreements and errors.
    std::string text() const;
    // The same as one JSON object, with a line feed.
    std::string line() const;

private:
    Count& count(std::string_view field);

    std::vector<Count> counts_;
    std::vector<Disagreement> shown_;
    std::vector<std::string> errors_;  // the first ones
    std::size_t disagreements_ = 0;
    std::size_t error_count_ = 0;
};

}  // namespace scenarios::cases
