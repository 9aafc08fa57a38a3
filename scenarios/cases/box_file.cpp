#include "scenarios/cases/box_file.hpp"

#include "scenarios/cases/fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace scenarios::cases {
namespace {

void add_address(Fields& fields, const json::value& written, firewall::BoxInterface& interface) {
    const std::string_view text = written.is_string() ? std::string_view(written.get_string()) : "";
    const auto address = wire::IpAddress::parse(text.substr(0, text.find('/')));
    const auto network = wire::Prefix::parse(text);
    if (address && network && text.find('/') != text.npos && network->length() >= 0)
        interface.addresses.push_back({*address, *network});
    else
        fields.complain("addresses", fmt::format("\"{}\" is no address/length", base::printable(text, 60)));
}

firewall::BoxInterface read_interface(const json::value& value, std::string& fault) {
    static const json::object nothing;
    firewall::BoxInterface interface;
    Fields fields(value.is_object() ? value.get_object() : nothing, "interface");
    fields.allow({"name", "addresses", "default_route"});
    interface.name = std::string(fields.text("name"));
    interface.default_route = fields.boolean("default_route", false);
    for (const json::value& address : fields.array("addresses")) add_address(fields, address, interface);
    if (fault.empty()) fault = fields.fault();
    return interface;
}

}  // namespace

base::Result<Interfaces, std::string> read_box(std::string_view text) {
    boost::system::error_code error;
    const json::value parsed = json::parse(text, error);
    if (error) return base::failure("it is no JSON: " + error.message());
    if (!parsed.is_object()) return base::failure(fmt::format("an object is wanted, not {}", kind_of(parsed)));
    Fields fields(parsed.get_object(), "box");
    Interfaces interfaces;
    std::string fault;
    for (const json::value& one : fields.array("interfaces")) {
        firewall::BoxInterface interface = read_interface(one, fault);
        if (find_interface(interfaces, interface.name))
            fields.complain("interfaces", "\"" + base::printable(interface.name, 40) + "\" stands there twice");
        interfaces.push_back(std::move(interface));
    }
    std::size_t routes = 0;
    for (const auto& interface : interfaces) routes += interface.default_route ? 1 : 0;
    if (routes > 1) fields.complain("interfaces", "more than one has the default route");
    if (interfaces.empty()) fields.complain("interfaces", "there is none");
    if (fault.empty()) fault = fields.fault();
    if (!fault.empty()) return base::failure(std::move(fault));
    return interfaces;
}

std::optional<std::size_t> find_interface(const Interfaces& interfaces, std::string_view name) {
    for (std::size_t i = 0; i < interfaces.size(); ++i)
        if (interfaces[i].name == name) return i;
    return std::nullopt;
}

}  // namespace scenarios::cases
