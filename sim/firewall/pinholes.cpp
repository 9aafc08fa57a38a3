#include "sim/firewall/pinholes.hpp"

#include <algorithm>

namespace sim::firewall {

Inspected Pinholes::open(Pinhole hole, base::SimTime now) {
    const Ends ends{hole.client, hole.server};
    const auto known = holes_.find(ends);
    const bool renews = known != holes_.end() && known->second.is_open(now);
    hole.number = renews ? known->second.hole.number : ++last_number_;
    if (known == holes_.end() && holes_.size() >= holes_max)
        holes_.erase(std::min_element(holes_.begin(), holes_.end(), [](const auto& a, const auto& b) {
            return a.second.hole.expires < b.second.hole.expires;
        }));
    holes_.insert_or_assign(ends, Kept{hole, {}});
    return {.kind = renews ? Inspected::Kind::renewed : Inspected::Kind::opened, .hole = hole};
}

const Pinholes::Kept* Pinholes::find(const wire::PacketView& packet) const {
    if (packet.tcp() == nullptr || holes_.empty()) return nullptr;
    const auto at = holes_.find({packet.ip.source, packet.target()});
    return at == holes_.end() ? nullptr : &at->second;
}

const Pinhole* Pinholes::fitting(const wire::PacketView& packet, base::SimTime now) const {
    const Kept* kept = find(packet);
    return kept != nullptr && kept->is_open(now) ? &kept->hole : nullptr;
}

void Pinholes::used(std::uint32_t number, const wire::PacketView& packet, base::SimTime now) {
    const auto at = holes_.find({packet.ip.source, packet.target()});
    if (at != holes_.end() && at->second.hole.number == number && at->second.hole.single_use) at->second.used_up = now;
}

std::optional<MissedPinhole> Pinholes::missed(const wire::PacketView& packet, base::SimTime now) const {
    const Kept* kept = find(packet);
    if (kept == nullptr || kept->is_open(now)) return std::nullopt;
    if (kept->used_up) return MissedPinhole{kept->hole.number, MissedPinhole::Why::used_up, *kept->used_up};
    return MissedPinhole{kept->hole.number, MissedPinhole::Why::expired, kept->hole.expires};
}

std::vector<Pinhole> Pinholes::all(base::SimTime now) const {
    std::vector<Pinhole> open;
    for (const auto& [ends, kept] : holes_)
        if (kept.is_open(now)) open.push_back(kept.hole);
    std::sort(open.begin(), open.end(), [](const Pinhole& a, const Pinhole& b) { return a.number < b.number; });
    return open;
}

}  // namespace sim::firewall
