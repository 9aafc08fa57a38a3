#include "sim/firewall/translation.hpp"

namespace sim::firewall {

std::string describe(const Translation& t) {
    std::string text = t.end == End::source ? "source" : "target";
    if (t.box_address) text += " the box's own address";
    if (t.addresses) {
        text += " " + t.addresses->low.format();
        if (t.addresses->low != t.addresses->high) text += "-" + t.addresses->high.format();
    }
    if (t.ports) text += " port " + wire::format(*t.ports);
    return text;
}

}  // namespace sim::firewall
