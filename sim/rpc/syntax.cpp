#include "sim/rpc/syntax.hpp"

namespace sim::rpc {

namespace {

// The mask is the first octet of the tail; the second and the rest of the tail are zero.
constexpr SyntaxId features_base{"6cb71c2c-9812-4540-0000-000000000000"_uuid, 1, 0};

}  // namespace

std::string format(const SyntaxId& id) {
    return id.uuid.format() + ' ' + std::to_string(id.major) + '.' + std::to_string(id.minor);
}

std::optional<std::uint8_t> bind_time_features(const SyntaxId& transfer_syntax) {
    const std::uint8_t mask = transfer_syntax.uuid.tail[0];
    if (transfer_syntax != bind_time_features_syntax(mask)) return std::nullopt;
    return mask;
}

SyntaxId bind_time_features_syntax(std::uint8_t mask) {
    SyntaxId id = features_base;
    id.uuid.tail[0] = mask;
    return id;
}

}  // namespace sim::rpc
