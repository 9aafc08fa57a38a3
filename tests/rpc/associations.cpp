// Association groups and the handles that live in them.
#include "sim/rpc/associations.hpp"

#include "tests/rpc/rig.hpp"

#include <set>

using namespace rig;

namespace {

struct Counted final : HandleState {
    explicit Counted(int& alive) : alive_(alive) { ++alive_; }
    ~Counted() override { --alive_; }
    int& alive_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(associations)

BOOST_AUTO_TEST_CASE(a_group_ends_with_its_last_connection) {
    AssociationGroups groups{base::Random(3)};
    auto first = groups.create();
    BOOST_REQUIRE(first.has_value());
    const std::uint32_t id = first->group();
    BOOST_TEST(id != 0U);
    auto second = groups.join(id);
    BOOST_REQUIRE(second.has_value());
    first.reset();
    BOOST_TEST(groups.size() == 1U);
    BOOST_TEST(groups.join(id).has_value());
    second.reset();
    BOOST_TEST(groups.size() == 0U);
    BOOST_TEST(!groups.join(id).has_value());
    BOOST_TEST(!groups.join(0).has_value());
    BOOST_TEST(!groups.join(0xffffffff).has_value());
    const auto later = groups.create();
    BOOST_TEST(later->group() != id);  // the slot is used again, the name is not
}

BOOST_AUTO_TEST_CASE(handles_belong_to_group_and_kind) {
    AssociationGroups groups{base::Random(3)};
    auto mine = *groups.create();
    auto friendly = *groups.join(mine.group());
    auto foreign = *groups.create();
    const ContextHandle handle = mine.open(HandleKind::nspi);
    BOOST_TEST(!handle.is_null());
    BOOST_TEST(mine.knows(handle, HandleKind::nspi));
    BOOST_TEST(friendly.knows(handle, HandleKind::nspi));
    BOOST_TEST(!mine.knows(handle, HandleKind::emsmdb));
    BOOST_TEST(!foreign.knows(handle, HandleKind::nspi));
    BOOST_TEST(!foreign.close(handle, HandleKind::nspi));
    BOOST_TEST(friendly.close(handle, HandleKind::nspi));
    BOOST_TEST(!mine.close(handle, HandleKind::nspi));
}

BOOST_AUTO_TEST_CASE(states_die_with_handle_group_and_cap) {
    int alive = 0;
    AssociationGroups groups(base::Random(3), {.handles_per_connection = 3});
    auto mine = groups.create();
    auto other = groups.join(mine->group());
    const auto open = [&](AssociationGroups::Membership& who) {
        return who.open(HandleKind::ept_map, std::make_unique<Counted>(alive));
    };
    const ContextHandle foreign = open(*other);
    const ContextHandle oldest = open(*mine);
    const ContextHandle second = open(*mine);
    open(*mine);
    BOOST_TEST(alive == 4);
    open(*mine);
    BOOST_TEST(alive == 4);
    BOOST_TEST(!mine->knows(oldest, HandleKind::ept_map));
    BOOST_TEST(mine->knows(second, HandleKind::ept_map));
    BOOST_TEST((mine->find(foreign, HandleKind::ept_map) != nullptr));
    BOOST_TEST(mine->close(second, HandleKind::ept_map));
    BOOST_TEST(alive == 3);
    mine.reset();
    BOOST_TEST(alive == 3);
    other.reset();
    BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(states_have_a_cap_over_all_connections) {
    int alive = 0;
    AssociationGroups groups(base::Random(3), {.handles_per_connection = 100, .handles_with_state = 10});
    auto quiet = groups.create();
    const ContextHandle session = quiet->open(HandleKind::nspi);  // without state: never taken away
    std::vector<AssociationGroups::Membership> greedy;
    std::vector<ContextHandle> handles;
    for (int i = 0; i < 8; ++i) greedy.push_back(std::move(*groups.create()));
    for (int i = 0; i < 200; ++i) {
        handles.push_back(
            greedy[static_cast<std::size_t>(i % 8)].open(HandleKind::ept_lookup, std::make_unique<Counted>(alive)));
        BOOST_TEST(alive == std::min(i + 1, 10));
    }
    BOOST_TEST(quiet->knows(session, HandleKind::nspi));
    BOOST_TEST(greedy[199 % 8].knows(handles[199], HandleKind::ept_lookup));
    BOOST_TEST(greedy[190 % 8].knows(handles[190], HandleKind::ept_lookup));
    BOOST_TEST(!greedy[189 % 8].knows(handles[189], HandleKind::ept_lookup));
    // Those that are closed in order make room and are not counted twice, behind one that stays for ever.
    for (int i = 0; i < 1000; ++i) {
        const ContextHandle brief = greedy[0].open(HandleKind::ept_map, std::make_unique<Counted>(alive));
        BOOST_TEST(greedy[0].close(brief, HandleKind::ept_map));
    }
    BOOST_TEST(alive == 9);
    greedy.clear();
    BOOST_TEST(alive == 0);
    for (int i = 0; i < 10; ++i) quiet->open(HandleKind::ept_lookup, std::make_unique<Counted>(alive));
    BOOST_TEST(alive == 10);
}

BOOST_AUTO_TEST_CASE(memberships_move) {
    AssociationGroups groups{base::Random(3)};
    auto one = *groups.create();
    auto two = *groups.create();
    BOOST_TEST(groups.size() == 2U);
    one = std::move(two);
    BOOST_TEST(groups.size() == 1U);
    AssociationGroups::Membership three(std::move(one));
    BOOST_TEST(static_cast<bool>(three));
    BOOST_TEST(groups.size() == 1U);
}

BOOST_AUTO_TEST_CASE(there_is_an_end_to_groups) {
    AssociationGroups groups{base::Random(3)};
    std::vector<AssociationGroups::Membership> all;
    std::set<std::uint32_t> ids;
    while (auto membership = groups.create()) {
        ids.insert(membership->group());
        all.push_back(std::move(*membership));
    }
    BOOST_TEST(all.size() == 65535U);
    BOOST_TEST(ids.size() == 65535U);
    all.erase(all.begin() + 77);
    BOOST_TEST(groups.create().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
