#include "bench/rte_acl_peer.hpp"

#include <arpa/inet.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <rte_acl.h>
#include <rte_eal.h>
#include <rte_malloc.h>
#include <string>

namespace shaped {
namespace {

constexpr unsigned fields = 5;
RTE_ACL_RULE_DEF(FiveTuple, fields);

[[noreturn]] void give_up(const char* what) {
    std::fprintf(stderr, "rte_acl: %s\n", what);
    std::exit(3);
}

// Neither huge pages nor devices nor rights.
void start_once() {
    static const bool started = [] {
        std::vector<std::string> words{"bench",    "--no-huge",      "--no-shconf",
                                       "--no-pci", "--no-telemetry", "-m",
                                       "1024",     "--log-level=3",  "--force-max-simd-bitwidth=512"};
        std::vector<char*> arguments;
        for (std::string& word : words) arguments.push_back(word.data());
        return rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) >= 0;
    }();
    if (!started) give_up("the environment layer does not start");
}

std::size_t allocated() {
    rte_malloc_socket_stats stats{};
    rte_malloc_get_socket_stats(0, &stats);
    return stats.heap_allocsz_bytes;
}

rte_acl_field_def field(std::uint8_t type, std::uint8_t size, std::uint8_t index, std::uint8_t group,
                        std::uint32_t offset) {
    rte_acl_field_def made{};
    made.type = type;
    made.size = size;
    made.field_index = index;
    made.input_index = group;
    made.offset = offset;
    return made;
}

FiveTuple as_rule(const Rule& r, std::size_t index, std::size_t count) {
    FiveTuple rule{};
    rule.data.userdata = static_cast<std::uint32_t>(index + 1);
    rule.data.priority = static_cast<std::int32_t>(count - index);
    rule.data.category_mask = 1;
    rule.field[0].value.u8 = r.protocol.value_or(0);
    rule.field[0].mask_range.u8 = r.protocol ? 0xff : 0;
    rule.field[1].value.u32 = r.source.address;
    rule.field[1].mask_range.u32 = r.source.length;
    rule.field[2].value.u32 = r.target.address;
    rule.field[2].mask_range.u32 = r.target.length;
    rule.field[3].value.u16 = r.source_port.low;
    rule.field[3].mask_range.u16 = r.source_port.high;
    rule.field[4].value.u16 = r.target_port.low;
    rule.field[4].mask_range.u16 = r.target_port.high;
    return rule;
}

}  // namespace

struct RteAcl::Context {
    rte_acl_ctx* acl = nullptr;
    ~Context() { rte_acl_free(acl); }
};

const std::vector<RteAcl::Algorithm>& RteAcl::algorithms() {
    static const std::vector<Algorithm> all = [] {
        const RteAcl sample({Rule{}});
        std::vector<Algorithm> found;
        for (const Algorithm& a :
             {Algorithm{"scalar", RTE_ACL_CLASSIFY_SCALAR}, Algorithm{"SSE", RTE_ACL_CLASSIFY_SSE},
              Algorithm{"AVX2", RTE_ACL_CLASSIFY_AVX2}, Algorithm{"AVX-512x16", RTE_ACL_CLASSIFY_AVX512X16},
              Algorithm{"AVX-512x32", RTE_ACL_CLASSIFY_AVX512X32}})
            if (rte_acl_set_ctx_classify(sample.context_->acl, static_cast<enum rte_acl_classify_alg>(a.number)) == 0)
                found.push_back(a);
        return found;
    }();
    return all;
}

RteAcl::RteAcl(const std::vector<Rule>& rules) : context_(std::make_unique<Context>()) {
    start_once();
    static unsigned made = 0;
    const std::string name = "acl" + std::to_string(made++);
    const std::size_t before = allocated();
    rte_acl_param parameters{};
    parameters.name = name.c_str();
    parameters.socket_id = SOCKET_ID_ANY;
    parameters.rule_size = RTE_ACL_RULE_SZ(fields);
    parameters.max_rule_num = static_cast<std::uint32_t>(rules.size());
    const auto begin = std::chrono::steady_clock::now();
    context_->acl = rte_acl_create(&parameters);
    if (context_->acl == nullptr) give_up("no context");
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const FiveTuple rule = as_rule(rules[i], i, rules.size());
        if (rte_acl_add_rules(context_->acl, reinterpret_cast<const rte_acl_rule*>(&rule), 1) != 0)
            give_up("a rule is refused");
    }
    rte_acl_config config{};
    config.num_categories = 1;
    config.num_fields = fields;
    config.defs[0] = field(RTE_ACL_FIELD_TYPE_BITMASK, 1, 0, 0, offsetof(Tuple, protocol));
    config.defs[1] = field(RTE_ACL_FIELD_TYPE_MASK, 4, 1, 1, offsetof(Tuple, source));
    config.defs[2] = field(RTE_ACL_FIELD_TYPE_MASK, 4, 2, 2, offsetof(Tuple, target));
    config.defs[3] = field(RTE_ACL_FIELD_TYPE_RANGE, 2, 3, 3, offsetof(Tuple, source_port));
    config.defs[4] = field(RTE_ACL_FIELD_TYPE_RANGE, 2, 4, 3, offsetof(Tuple, target_port));
    if (rte_acl_build(context_->acl, &config) != 0) give_up("the rules do not build");
    build_ms_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    memory_ = allocated() - before;
}

RteAcl::~RteAcl() = default;

void RteAcl::take(std::span<const Packet> packets) {
    tuples_.clear();
    pointers_.clear();
    for (const Packet& p : packets)
        tuples_.push_back(
            {p.protocol, {}, htonl(p.source), htonl(p.target), htons(p.source_port), htons(p.target_port)});
    for (const Tuple& tuple : tuples_) pointers_.push_back(reinterpret_cast<const std::uint8_t*>(&tuple));
}

void RteAcl::classify(const Algorithm& by, std::size_t at_once, std::uint32_t* results) const {
    const auto packets = const_cast<const std::uint8_t**>(pointers_.data());
    for (std::size_t i = 0; i < pointers_.size(); i += at_once)
        rte_acl_classify_alg(context_->acl, packets + i, results + i, static_cast<std::uint32_t>(at_once), 1,
                             static_cast<enum rte_acl_classify_alg>(by.number));
}

}  // namespace shaped
