#include "sim/firewall/stream_follower.hpp"

namespace sim::firewall {

void StreamFollower::add(std::uint32_t sequence, base::ByteView payload) {
    if (payload.empty() || lost()) return;
    if (take(sequence, payload)) {
        take_early();
        return;
    }
    if (early_.size() >= early_max || early_octets_ + payload.size() > early_octets_max) {
        give_up();
        return;
    }
    early_octets_ += payload.size();
    early_.push_back({sequence, base::Bytes(payload.begin(), payload.end())});
}

void StreamFollower::give_up() {
    lost_ = true;
    early_.clear();
    early_octets_ = 0;
    pdus_ = rpc::PduStream();
}

void StreamFollower::take_early() {
    for (std::size_t i = 0; i < early_.size();) {
        if (!take(early_[i].sequence, early_[i].octets)) {
            ++i;
            continue;
        }
        early_octets_ -= early_[i].octets.size();
        early_.erase(early_.begin() + static_cast<std::ptrdiff_t>(i));
        i = 0;
    }
}

// False when the octets lie beyond a gap.
bool StreamFollower::take(std::uint32_t sequence, base::ByteView octets) {
    const auto behind = static_cast<std::int32_t>(next_ - sequence);
    if (behind < 0) return false;
    const auto known = static_cast<std::size_t>(behind);
    if (known >= octets.size()) return true;  // nothing new
    pdus_.keep();                             // the caller's octets die before the PDUs are read
    pdus_.feed(octets.subspan(known));
    pdus_.keep();
    next_ += static_cast<std::uint32_t>(octets.size() - known);
    return true;
}

}  // namespace sim::firewall
