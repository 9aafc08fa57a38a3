// Lines made into a layout for lookups.
//
// What it costs: building, about three microseconds a line, more where lines cover many others' addresses; memory, a few
// hundred octets a line. The benchmark (bench/classifier.sh) reports both.
#pragma once

#include "sim/firewall/compiled/kinds.hpp"
#include "sim/firewall/compiled/layout.hpp"
#include "sim/firewall/compiled/lines.hpp"

#include <optional>
#include <vector>

namespace sim::firewall::compiled {

class Table {
public:
    // Absent when the lines cover each other's addresses so widely that the table would outgrow its use.
    static std::optional<Table> make(const std::vector<Line>& lines);

    const Kinds& kinds() const { return kinds_; }
    const Layout& layout() const { return layout_; }
    // In octets, without what an empty table has as well.
    std::size_t memory() const;

private:
    Kinds kinds_;
    Layout layout_;
};

}  // namespace sim::firewall::compiled
