// Single values of the format: lines of text, ports, addresses, durations, shares, files.
#include "scenarios/runner/load_reader.hpp"
#include "sim/base/glyph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>

namespace scenarios::runner {
namespace {

constexpr std::size_t line_max = 200;  // octets of a name, title or note

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Decimal digits as a number; saturates far above anything that is asked for.
std::uint64_t number(std::string_view digits) {
    std::uint64_t value = 0;
    for (const char c : digits)
        if (value < std::numeric_limits<std::uint64_t>::max() / 100)
            value = value * 10 + static_cast<unsigned>(c - '0');
    return value;
}

std::string without_blanks(std::string_view text) {
    std::string kept;
    for (const char c : text)
        if (c != ' ' && c != '\t') kept += c;
    return kept;
}

// Whether everything in it can be shown as it is.
bool shows(std::string_view text) {
    while (!text.empty()) {
        const base::Glyph glyph = base::first_glyph(text);
        if (glyph.shown != text.substr(0, glyph.octets)) return false;
        text.remove_prefix(glyph.octets);
    }
    return true;
}

// ---------------------------------------------------------------------------------------------------------- ports

struct PortText {
    std::optional<wire::PortRange> range;
    std::string what;
    std::string hint;
};

PortText check_ends(std::uint64_t first, std::uint64_t last) {
    for (const std::uint64_t port : {first, last}) {
        if (port == 0) return {{}, "port 0 cannot be used", "ports go from 1 to 65535"};
        if (port > 65535)
            return {{},
                    port > 10'000'000 ? "this port is above 65535" : fmt::format("port {} is above 65535", port),
                    "ports go from 1 to 65535"};
    }
    if (first > last) return {{}, "the range is upside down", fmt::format("write \"{}-{}\"", last, first)};
    return {
        wire::PortRange{wire::Port(static_cast<std::uint16_t>(first)), wire::Port(static_cast<std::uint16_t>(last))},
        {},
        {}};
}

PortText parse_ports(std::string_view written) {
    const std::string text = without_blanks(written);
    const auto wrong = [&](std::string hint) {
        return PortText{{}, fmt::format("\"{}\" is no port", base::printable(written, 60)), std::move(hint)};
    };
    if (text.find(',') != std::string::npos || text.find(';') != std::string::npos)
        return wrong("several ports are a list: [135, \"5000-5100\"]");
    for (const std::string_view between : {"-", ":", ".."}) {
        const std::size_t at = text.find(between);
        if (at == std::string::npos) continue;
        const std::string_view low = std::string_view(text).substr(0, at);
        const std::string_view high = std::string_view(text).substr(at + between.size());
        if (!all_digits(low) || !all_digits(high)) break;
        if (between != "-" || text.size() != written.size())
            return wrong(fmt::format("a range is written \"{}-{}\"", low, high));
        if ((low.size() > 1 && low[0] == '0') || (high.size() > 1 && high[0] == '0'))
            return wrong(fmt::format("leave the leading 0 out: \"{}-{}\"", number(low), number(high)));
        return check_ends(number(low), number(high));
    }
    if (!all_digits(text) || text.size() != written.size()) return wrong("write 5000, or \"5000-5100\" for a range");
    if (text.size() > 1 && text[0] == '0') return wrong(fmt::format("leave the leading 0 out: {}", number(text)));
    return check_ends(number(text), number(text));
}

// -------------------------------------------------------------------------------------------------------- durations

struct Unit {
    std::string_view name;
    std::int64_t nanoseconds;
};
constexpr auto units = std::to_array<Unit>({{"us", 1'000},
                                            {"ms", 1'000'000},
                                            {"s", 1'000'000'000},
                                            {"m", 60'000'000'000},
                                            {"min", 60'000'000'000},
                                            {"h", 3'600'000'000'000},
                                            {"d", 86'400'000'000'000}});
constexpr std::int64_t duration_max = 366 * std::int64_t{86'400'000'000'000};

}  // namespace

bool expect_kind(LoadContext& context, std::string_view key, const Node& node, NodeKind kind, std::string_view wanted) {
    if (node.kind == kind) return true;
    const bool number = node.kind == NodeKind::integer || node.kind == NodeKind::real || node.kind == NodeKind::moment;
    std::string hint;
    if (kind == NodeKind::text && (number || node.kind == NodeKind::boolean))
        hint = fmt::format("write it in quotes: {} = \"{}\"", key, context.typed(node.spot));
    else if (kind == NodeKind::integer && node.kind == NodeKind::text && all_digits(node.text))
        hint = fmt::format("write it without quotes: {} = {}", key, base::printable(node.text, 30));
    else if (kind == NodeKind::boolean)
        hint = fmt::format("write {0} = true or {0} = false", key);
    else if (kind == NodeKind::table)
        hint = fmt::format("write [{0}] with a line for each key, or {0}.key = value", key);
    context.error(node.spot, fmt::format("{} must be {}, not {}", key, wanted, describe(node.kind)), "wrong-type",
                  std::move(hint));
    return false;
}

std::optional<Placed<std::string>> read_line(LoadContext& context, std::string_view key, const Node& node) {
    if (!expect_kind(context, key, node, NodeKind::text, "text")) return std::nullopt;
    if (node.text.find_first_not_of(" \t") == std::string::npos) {
        context.error(node.spot, fmt::format("{} is empty", key), "empty-text");
        return std::nullopt;
    }
    if (node.text.size() > line_max) {
        context.error(node.spot, fmt::format("{} is longer than {} characters", key, line_max), "too-long",
                      key == "title" ? "long explanations go to about" : "");
        return std::nullopt;
    }
    if (!shows(node.text)) {
        context.error(node.spot, fmt::format("{} holds a line end or another control character", key),
                      "control-character", "keep it to one line of plain text");
        return std::nullopt;
    }
    return Placed<std::string>{node.text, context.place(node.spot)};
}

std::optional<Ports> read_port_range(LoadContext& context, std::string_view key, const Node& node) {
    PortText found;
    if (node.kind == NodeKind::integer)
        found = node.integer < 0
                    ? PortText{{}, "a port is not negative", "ports go from 1 to 65535"}
                    : check_ends(static_cast<std::uint64_t>(node.integer), static_cast<std::uint64_t>(node.integer));
    else if (node.kind == NodeKind::text)
        found = parse_ports(node.text);
    else {
        context.error(node.spot, fmt::format("{} must be a port or a range of ports, not {}", key, describe(node.kind)),
                      "wrong-type", "write 5000, or \"5000-5100\" for a range");
        return std::nullopt;
    }
    if (!found.range) {
        context.error(node.spot, found.what, "bad-port", found.hint);
        return std::nullopt;
    }
    return Ports{*found.range, context.place(node.spot)};
}

std::optional<PortList> read_ports(LoadContext& context, std::string_view key, const Node& node) {
    PortList ports;
    bool good = true;
    TableReader::each(node, [&](const Node& item) {
        if (auto range = read_port_range(context, key, item))
            ports.push_back(std::move(*range));
        else
            good = false;
    });
    if (!good) return std::nullopt;
    return ports;
}

std::optional<Address> read_address(LoadContext& context, std::string_view key, const Node& node) {
    if (!expect_kind(context, key, node, NodeKind::text, "an address as text")) return std::nullopt;
    const auto address = wire::IpAddress::parse(node.text);
    if (!address) {
        const bool prefix = node.text.find('/') != std::string::npos;
        context.error(
            node.spot, fmt::format("\"{}\" is no address: {}", base::printable(node.text, 60), address.error()),
            "bad-address",
            prefix ? "a host has one address, without / and length" : "write an address such as \"10.0.0.10\"");
        return std::nullopt;
    }
    const bool v4 = address->is_v4();
    const std::uint32_t top = v4 ? address->v4_bits() >> 24U : static_cast<std::uint32_t>(address->high() >> 56U);
    const bool is_void =
        v4 ? top == 0 || top == 127 || top >= 224 : top == 0xff || (address->high() == 0 && address->low() <= 1);
    if (is_void) {
        context.error(node.spot, fmt::format("{} cannot be the address of a host on a network", address->format()),
                      "bad-address", "multicast, loopback and unspecified addresses belong to no single host");
        return std::nullopt;
    }
    return Address{*address, context.place(node.spot)};
}

std::optional<Placed<wire::Prefix>> read_prefix(LoadContext& context, std::string_view key, const Node& node) {
    if (!expect_kind(context, key, node, NodeKind::text, "an address or a network as text")) return std::nullopt;
    const auto prefix = wire::Prefix::parse(node.text);
    if (prefix) return Placed<wire::Prefix>{*prefix, context.place(node.spot)};
    context.error(node.spot,
                  fmt::format("\"{}\" is no address or network: {}", base::printable(node.text, 60), prefix.error()),
                  "bad-address", "write \"10.0.0.10\", \"192.0.2.0/24\" or \"any\"");
    return std::nullopt;
}

std::optional<FileRef> read_file_ref(LoadContext& context, std::string_view key, const Node& node) {
    if (!expect_kind(context, key, node, NodeKind::text, "the name of a file as text")) return std::nullopt;
    std::string slashes = node.text;
    std::replace(slashes.begin(), slashes.end(), '\\', '/');
    if (node.text.empty()) {
        context.error(node.spot, fmt::format("{} names no file", key), "bad-path");
        return std::nullopt;
    }
    if (!shows(node.text)) {
        context.error(node.spot, "the name of the file holds a control character", "bad-path",
                      "in a path write \"/\", not \"\\\": \\t and \\r have a meaning of their own");
        return std::nullopt;
    }
    if (slashes != node.text) {
        context.error(node.spot, "a path is written with /, not with \\", "bad-path",
                      fmt::format("write \"{}\"", base::printable(slashes)));
        return std::nullopt;
    }
    FileRef file{.written = node.text,
                 .path = path_beside(context.source()->name(), node.text),
                 .place = context.place(node.spot),
                 .text = nullptr};
    file.text = context.file(file.written, file.path, node.spot);
    if (!file.text) return std::nullopt;
    return file;
}

std::optional<Placed<base::SimDuration>> read_duration(LoadContext& context, std::string_view key, const Node& node) {
    const auto wrong = [&](std::string what, std::string hint) {
        context.error(node.spot, std::move(what), "bad-duration", std::move(hint));
        return std::nullopt;
    };
    if (node.kind == NodeKind::integer)
        return wrong(fmt::format("{} needs a unit", key),
                     fmt::format("write \"{0}s\", \"{0}ms\" or \"{0}m\"", node.integer));
    if (!expect_kind(context, key, node, NodeKind::text, "a time span as text")) return std::nullopt;
    const std::string text = without_blanks(node.text);
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::string_view name = std::string_view(text).substr(digits);
    for (const Unit& unit : units) {
        if (name != unit.name || digits == 0) continue;
        const std::uint64_t count = number(std::string_view(text).substr(0, digits));
        if (count > static_cast<std::uint64_t>(duration_max / unit.nanoseconds))
            return wrong(fmt::format("{} is longer than a year", key), "");
        return Placed<base::SimDuration>{base::SimDuration(static_cast<std::int64_t>(count) * unit.nanoseconds),
                                         context.place(node.spot)};
    }
    return wrong(fmt::format("\"{}\" is no time span", base::printable(node.text, 60)),
                 "write a whole number and one unit: \"10ms\", \"45s\", \"10m\" (minutes), \"2h\"");
}

std::optional<Ratio> parse_ratio(std::string_view text) {
    if (text.empty() || text.back() != '%') return std::nullopt;
    text.remove_suffix(1);
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view rest = point == std::string_view::npos ? "0" : text.substr(point + 1);
    if (!all_digits(whole) || !all_digits(rest) || whole.size() > 3 || rest.size() > 6) return std::nullopt;
    Ratio ratio{number(whole), 100};
    if (point != std::string_view::npos)
        for (const char c : rest) {
            ratio.numerator = ratio.numerator * 10 + static_cast<unsigned>(c - '0');
            ratio.denominator *= 10;
        }
    if (ratio.numerator > ratio.denominator) return std::nullopt;
    return ratio;
}

std::string join_words(const std::vector<std::string_view>& words) {
    std::string joined;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) joined += i + 1 == words.size() ? " or " : ", ";
        joined += words[i];
    }
    return joined;
}

}  // namespace scenarios::runner
