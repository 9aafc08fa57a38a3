// Groups mean the same as lists that are written out by hand, member by member.
#include "sim/base/random.hpp"
#include "sim/firewall/import/import.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

using fw::Side;

fw::SharedRules asa(const std::string& text) {
    const auto result = fw::import::import_asa(base::SourceText("asa.cfg", text), {});
    if (!result)
        for (const auto& d : result.error()) BOOST_ERROR(base::format(d));
    BOOST_REQUIRE(result.has_value());
    return result->rules;
}

// Random groups, and the same entries written out member by member.
class Written {
public:
    explicit Written(std::uint64_t seed) : random_(seed) {}

    void make() {
        for (int g = 0; g < 3; ++g) {
            networks_.emplace_back();
            groups_ += "object-group network N" + std::to_string(g) + "\n";
            for (std::uint64_t n = random_.below(3) + 1; n > 0; --n) {
                const std::string one = random_.chance(1, 2)
                                            ? "host 10.0.0." + std::to_string(random_.below(4))
                                            : "10.0.0." + std::to_string(random_.below(2) * 2) + " 255.255.255.254";
                groups_ += " network-object " + one + "\n";
                networks_.back().push_back(one);
            }
            if (g > 0 && random_.chance(1, 2)) {
                groups_ += " group-object N" + std::to_string(g - 1) + "\n";
                const auto nested = networks_[networks_.size() - 2];
                networks_.back().insert(networks_.back().end(), nested.begin(), nested.end());
            }
        }
        for (int g = 0; g < 2; ++g) {
            ports_.emplace_back();
            groups_ += "object-group service P" + std::to_string(g) + " tcp\n";
            for (std::uint64_t n = random_.below(3) + 1; n > 0; --n) {
                const std::uint64_t low = random_.below(8);
                const std::string one = random_.chance(1, 2)
                                            ? "eq " + std::to_string(low)
                                            : "range " + std::to_string(low) + " " + std::to_string(low + 2);
                groups_ += " port-object " + one + "\n";
                ports_.back().push_back(one);
            }
        }
        for (int e = 0; e < 4; ++e) {
            const std::string action = random_.chance(1, 2) ? "permit" : "deny";
            const std::uint64_t from = random_.below(3), to = random_.below(3), port = random_.below(2);
            grouped_ += "access-list IN extended " + action + " tcp object-group N" + std::to_string(from) +
                        " object-group N" + std::to_string(to) + " object-group P" + std::to_string(port) + "\n";
            for (const std::string& a : networks_[from])
                for (const std::string& b : networks_[to])
                    for (const std::string& p : ports_[port])
                        by_hand_ += "access-list IN extended " + action + " tcp " + a + " " + b + " " + p + "\n";
        }
        const std::string bound = "access-group IN in interface outside\n";
        grouped_ = groups_ + grouped_ + bound;
        by_hand_ += bound;
    }
    const std::string& grouped() const { return grouped_; }
    const std::string& by_hand() const { return by_hand_; }

private:
    base::Random random_;
    std::vector<std::vector<std::string>> networks_, ports_;
    std::string groups_, grouped_, by_hand_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(asa_random)

BOOST_AUTO_TEST_CASE(groups_mean_what_is_written_out) {
    std::size_t allowed = 0, refused = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Written text(seed);
        text.make();
        const auto grouped = asa(text.grouped()), by_hand = asa(text.by_hand());
        BOOST_TEST(grouped->rules().size() == 4U);
        for (unsigned from = 0; from < 4; ++from)
            for (unsigned to = 0; to < 4; ++to)
                for (std::uint16_t port = 0; port < 10; ++port) {
                    const auto host = [](unsigned n) {
                        return wire::IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(n));
                    };
                    const base::Bytes packet = tcp(host(from), host(to), {.to_port = port});
                    const auto a = fw::Firewall(grouped).judge(packet, Side::client, at(0s)).verdict;
                    const auto b = fw::Firewall(by_hand).judge(packet, Side::client, at(0s)).verdict;
                    ++(a.action == fw::Action::accept ? allowed : refused);
                    if (a.action != b.action || a.reason != b.reason)
                        BOOST_ERROR("seed " << seed << ": " << from << " to " << to << " port " << port);
                }
    }
    BOOST_TEST(allowed > 500U);
    BOOST_TEST(refused > 500U);
}

BOOST_AUTO_TEST_SUITE_END()
