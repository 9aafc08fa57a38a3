// Cases one after the other from a stream, a JSON object a line; at any time only one of them is in memory.
//
// A line is a case (case.hpp) or a single rule (single_rule.hpp). A line that is neither gives one line with its number
// and the error, a case that cannot be understood one line with its id and the error, and the rest goes on.
#pragma once

#include "scenarios/cases/box_file.hpp"
#include "scenarios/cases/compare.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <istream>
#include <string>
#include <string_view>

namespace scenarios::cases {

class CaseStream {
public:
    static constexpr std::size_t line_max = std::size_t{16} * 1024 * 1024;  // octets

    // Takes every line of output, with its line feed; false: nobody listens any more, stop.
    using Sink = std::function<bool(const std::string&)>;

    // All must outlive the stream. `tally` may be null: then nothing is compared.
    CaseStream(const Interfaces& interfaces, Sink sink, Tally* tally)
        : interfaces_(interfaces), sink_(std::move(sink)), tally_(tally) {}

    // To the end of the input. False when the sink stopped it.
    bool play(std::istream& input);

    std::size_t errors() const { return errors_; }  // lines and cases without a verdict
    std::size_t cases() const { return cases_; }    // that were played, and rules that were tried

private:
    bool line(std::size_t number, std::string_view text);
    bool play_case(const json::object& object, std::size_t number);
    bool refuse(json::object where, const std::string& what, const std::string& why);
    bool put(const json::object& object);

    const Interfaces& interfaces_;
    Sink sink_;
    Tally* tally_;
    std::size_t errors_ = 0;
    std::size_t cases_ = 0;
};

}  // namespace scenarios::cases
