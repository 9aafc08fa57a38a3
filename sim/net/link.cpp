#include "sim/net/link.hpp"

#include <utility>

namespace sim::net {

Link::Link(Scheduler& scheduler, const LinkSettings& settings, base::Random random, Node& far_end, LinkWatcher* watcher,
           Crossing crossing)
    : scheduler_(scheduler),
      settings_(settings),
      random_(random),
      far_end_(far_end),
      watcher_(watcher),
      crossing_(crossing) {}

void Link::receive(Packet packet, base::SimTime now) {
    if (packet.octets.size() > settings_.mtu) {
        if (watcher_ != nullptr) watcher_->lost(packet, LinkWatcher::Loss::too_big, now);
        return;
    }
    if (settings_.loss.numerator != 0 && random_.chance(settings_.loss.numerator, settings_.loss.denominator)) {
        if (watcher_ != nullptr) watcher_->lost(packet, LinkWatcher::Loss::chance, now);
        return;
    }
    if (crossing_ == Crossing::at_once && settings_.latency == base::SimDuration::zero())
        return far_end_.receive(std::move(packet), now);
    std::uint32_t slot = 0;
    if (free_slots_.empty()) {
        slot = static_cast<std::uint32_t>(slots_.size());
        slots_.push_back(std::move(packet));
    } else {
        slot = free_slots_.back();
        free_slots_.pop_back();
        slots_[slot] = std::move(packet);
    }
    scheduler_.at(now + settings_.latency, *this, slot);
}

void Link::fire(std::uint64_t token, base::SimTime now) {
    const auto slot = static_cast<std::uint32_t>(token);
    Packet packet = std::move(slots_[slot]);
    free_slots_.push_back(slot);
    far_end_.receive(std::move(packet), now);
}

void Link::reset(const LinkSettings& settings, base::Random random, LinkWatcher* watcher) {
    settings_ = settings;
    random_ = random;
    watcher_ = watcher;
    slots_.clear();
    free_slots_.clear();
}

}  // namespace sim::net
