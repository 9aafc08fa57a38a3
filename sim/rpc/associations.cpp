#include "sim/rpc/associations.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace sim::rpc {

namespace {

constexpr std::size_t max_groups = 0xffff;

std::size_t slot_of(std::uint32_t group) { return (group & 0xffffU) - 1U; }

}  // namespace

std::optional<AssociationGroups::Membership> AssociationGroups::create() {
    if (free_.empty()) {
        if (slots_.size() == max_groups) return std::nullopt;
        free_.push_back(static_cast<std::uint16_t>(slots_.size()));
        slots_.emplace_back();
    }
    const std::uint16_t slot = free_.back();
    free_.pop_back();
    Group& group = slots_[slot];
    const auto salt = static_cast<std::uint32_t>(random_.next() << 16U) & 0xffff0000U;
    group.id = salt | (slot + 1U);
    group.connections = 1;
    ++used_;
    return Membership(*this, group.id, ++connections_);
}

std::optional<AssociationGroups::Membership> AssociationGroups::join(std::uint32_t id) {
    Group* group = find(id);
    if (group == nullptr) return std::nullopt;
    ++group->connections;
    return Membership(*this, id, ++connections_);
}

AssociationGroups::Group* AssociationGroups::find(std::uint32_t id) {
    if (id == 0 || slot_of(id) >= slots_.size()) return nullptr;
    Group& group = slots_[slot_of(id)];
    return group.id == id ? &group : nullptr;
}

const AssociationGroups::Handle* AssociationGroups::find_handle(std::uint32_t id, const ContextHandle& name,
                                                                HandleKind kind) {
    const Group* group = find(id);
    assert(group != nullptr);
    for (const Handle& handle : group->handles)
        if (handle.name == name && handle.kind == kind) return &handle;
    return nullptr;
}

// Makes room for one more with state, and keeps its place in the order of opening.
void AssociationGroups::remember(const Opened& opened) {
    while (with_state_ >= limits_.handles_with_state && !opened_.empty()) {
        drop(opened_.front());
        opened_.pop_front();
    }
    // Names of handles that were closed in order stay behind; now and then they are swept out.
    if (opened_.size() >= 2 * limits_.handles_with_state)
        std::erase_if(opened_, [this](const Opened& one) {
            const Group* group = find(one.group);
            return group == nullptr || std::none_of(group->handles.begin(), group->handles.end(),
                                                    [&one](const Handle& handle) { return handle.name == one.name; });
        });
    opened_.push_back(opened);
    ++with_state_;
}

void AssociationGroups::forget(const Handle& handle) {
    if (handle.state != nullptr) --with_state_;
}

void AssociationGroups::drop(const Opened& opened) {
    Group* group = find(opened.group);
    if (group == nullptr) return;
    const auto found = std::find_if(group->handles.begin(), group->handles.end(),
                                    [&opened](const Handle& handle) { return handle.name == opened.name; });
    if (found == group->handles.end()) return;
    forget(*found);
    group->handles.erase(found);
}

void AssociationGroups::leave(std::uint32_t id) {
    Group* group = find(id);
    assert(group != nullptr && group->connections > 0);
    if (--group->connections > 0) return;
    for (const Handle& handle : group->handles) forget(handle);
    group->id = 0;
    group->handles.clear();
    free_.push_back(static_cast<std::uint16_t>(slot_of(id)));
    --used_;
}

AssociationGroups::Membership::Membership(Membership&& other) noexcept
    : groups_(std::exchange(other.groups_, nullptr)), group_(other.group_), connection_(other.connection_) {}

AssociationGroups::Membership& AssociationGroups::Membership::operator=(Membership&& other) noexcept {
    if (this == &other) return *this;
    leave();
    groups_ = std::exchange(other.groups_, nullptr);
    group_ = other.group_;
    connection_ = other.connection_;
    return *this;
}

void AssociationGroups::Membership::leave() {
    if (groups_ != nullptr) std::exchange(groups_, nullptr)->leave(group_);
}

ContextHandle AssociationGroups::Membership::open(HandleKind kind, std::unique_ptr<HandleState> state) {
    assert(groups_ != nullptr);
    std::vector<Handle>& handles = groups_->find(group_)->handles;
    const auto mine = [this](const Handle& handle) { return handle.connection == connection_; };
    if (static_cast<std::size_t>(std::count_if(handles.begin(), handles.end(), mine)) >=
        groups_->limits_.handles_per_connection) {
        const auto oldest = std::find_if(handles.begin(), handles.end(), mine);
        groups_->forget(*oldest);
        handles.erase(oldest);
    }
    const ContextHandle name{0, random_uuid(groups_->random_)};
    if (state != nullptr) groups_->remember({group_, name});
    handles.push_back({name, kind, connection_, std::move(state)});
    return name;
}

bool AssociationGroups::Membership::knows(const ContextHandle& handle, HandleKind kind) const {
    return groups_ != nullptr && groups_->find_handle(group_, handle, kind) != nullptr;
}

HandleState* AssociationGroups::Membership::find(const ContextHandle& handle, HandleKind kind) const {
    if (groups_ == nullptr) return nullptr;
    const Handle* found = groups_->find_handle(group_, handle, kind);
    return found != nullptr ? found->state.get() : nullptr;
}

bool AssociationGroups::Membership::close(const ContextHandle& name, HandleKind kind) {
    if (groups_ == nullptr) return false;
    std::vector<Handle>& handles = groups_->find(group_)->handles;
    const auto found = std::find_if(handles.begin(), handles.end(),
                                    [&](const Handle& handle) { return handle.name == name && handle.kind == kind; });
    if (found == handles.end()) return false;
    groups_->forget(*found);
    handles.erase(found);
    return true;
}

}  // namespace sim::rpc
