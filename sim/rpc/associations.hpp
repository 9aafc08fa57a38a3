// Association groups and context handles: what the connections of one client to one server process share
// (C706 12.6.4.3, 9.3). One object per server *process*: connections to the mapper and to the directory never share
// a group, connections to two ports of one process may.
//
// A group lives as long as a connection is in it; its handles die with it. Ids and handles come from the generator
// handed in, so that the same seed gives the same octets. Bounds: 65535 groups, a cap of handles per connection, and
// one in all for those that hold state, which are lists half read; the oldest is dropped.
#pragma once

#include "sim/base/random.hpp"
#include "sim/rpc/ndr.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace sim::rpc {

// What a handler wants to find again when the handle comes back.
struct HandleState {
    HandleState() = default;
    HandleState(const HandleState&) = delete;
    HandleState& operator=(const HandleState&) = delete;
    virtual ~HandleState() = default;
};

// Only the operation that made a handle may be given it.
enum class HandleKind : std::uint8_t { ept_lookup, ept_map, nspi, emsmdb, other };

class AssociationGroups {
public:
    struct Limits {
        std::size_t handles_per_connection = 32;
        std::size_t handles_with_state = 4096;  // of all connections together
    };

    explicit AssociationGroups(base::Random random) : AssociationGroups(random, Limits{}) {}
    AssociationGroups(base::Random random, Limits limits) : random_(random), limits_(limits) {}
    AssociationGroups(const AssociationGroups&) = delete;
    AssociationGroups& operator=(const AssociationGroups&) = delete;

    // One connection's place in a group; leaves it when destroyed. Must not outlive the AssociationGroups.
    class Membership {
    public:
        Membership() = default;
        Membership(Membership&& other) noexcept;
        Membership& operator=(Membership&& other) noexcept;
        ~Membership() { leave(); }

        explicit operator bool() const { return groups_ != nullptr; }
        std::uint32_t group() const { return group_; }  // never 0 in a group

        // A fresh handle for this group. Requires membership.
        ContextHandle open(HandleKind kind, std::unique_ptr<HandleState> state = nullptr);
        bool knows(const ContextHandle& handle, HandleKind kind) const;
        // nullptr when the handle is unknown here, of another kind, or has no state.
        HandleState* find(const ContextHandle& handle, HandleKind kind) const;
        // Whether there was such a handle.
        bool close(const ContextHandle& handle, HandleKind kind);

    private:
        friend class AssociationGroups;
        Membership(AssociationGroups& groups, std::uint32_t group, std::uint32_t connection)
            : groups_(&groups), group_(group), connection_(connection) {}
        void leave();

        AssociationGroups* groups_ = nullptr;
        std::uint32_t group_ = 0;
        std::uint32_t connection_ = 0;
    };

    // A new group with its first connection; nothing when all 65535 are in use.
    std::optional<Membership> create();
    // Another connection for a living group; nothing when it is unknown or gone.
    std::optional<Membership> join(std::uint32_t group);

    std::size_t size() const { return used_; }  // groups alive

private:
    struct Handle {
        ContextHandle name;
        HandleKind kind = HandleKind::other;
        std::uint32_t connection = 0;
        std::unique_ptr<HandleState> state;
    };
    struct Group {
        std::uint32_t id = 0;  // 0 = free; the low half is the slot's number plus one, the high half is random
        std::uint32_t connections = 0;
        std::vector<Handle> handles;  // oldest first
    };

    struct Opened {
        std::uint32_t group = 0;
        ContextHandle name;
    };

    Group* find(std::uint32_t group);
    void drop(const Opened& opened);
    void remember(const Opened& opened);
    void forget(const Handle& handle);
    const Handle* find_handle(std::uint32_t group, const ContextHandle& handle, HandleKind kind);
    void leave(std::uint32_t group);

    base::Random random_;
    Limits limits_;
    std::vector<Group> slots_;
    std::vector<std::uint16_t> free_;
    std::deque<Opened> opened_;   // handles with state, oldest first; some may be gone already
    std::size_t with_state_ = 0;  // of those that are there
    std::size_t used_ = 0;
    std::uint32_t connections_ = 0;
};

}  // namespace sim::rpc
