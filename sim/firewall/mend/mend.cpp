#include "sim/firewall/mend/mend.hpp"

#include "sim/firewall/mend/nft.hpp"
#include "sim/firewall/mend/work.hpp"

namespace sim::firewall::mend {
namespace {

using mend::Work;

std::optional<std::string> unfit(const MendTask& task) {
    for (const NeededFlow& flow : task.needed) {
        const std::string what = mend::described(flow, flow.ports);
        if (flow.protocol != wire::Protocol::tcp && flow.protocol != wire::Protocol::udp)
            return what + " has no ports to open";
        if (flow.client.family() != flow.server.family())
            return what + " cannot be reached from " + flow.client.format() + ": they differ in the version of IP";
        if (!flow.clients.contains(flow.client))
            return what + " is to be opened to " + flow.clients.format() + ", which does not hold " +
                   flow.client.format();
    }
    return std::nullopt;
}

base::Result<MendedRules, std::string> mended(const mend::Scribe& scribe, const base::SourceText& source,
                                              const MendTask& task) {
    if (auto reason = unfit(task)) return base::failure(std::move(*reason));
    const std::string original = scribe.sheet(source.text());
    const auto rules = scribe.read(original);
    if (!rules) return base::failure(std::string(rules.error()));
    if ((*rules)->translates())
        return base::failure(
            std::string("these rules translate addresses, and what a change would open there is not "
                        "proved"));
    Work work(scribe, task, mend::Manuscript(original), *rules);
    if (auto reason = mend::open_needed(work)) return base::failure(std::move(*reason));
    if (task.close_excess)
        if (auto reason = mend::close_surplus(work)) return base::failure(std::move(*reason));
    if (auto reason = work.fault()) return base::failure(std::move(*reason));
    std::vector<RuleEdit> edits = work.sheet().edits();
    if (edits.empty()) return MendedRules{std::string(source.text()), {}};
    if (work.rules().dialect() == Dialect::nft) mend::tell_as_commands(edits, original);
    return MendedRules{work.sheet().text(), std::move(edits)};
}

}  // namespace

base::Result<MendedRules, std::string> mend_native(const import::NativeRules& settings, const base::SourceText& source,
                                                   const MendTask& task) {
    return mended(*mend::make_native_scribe(source.name(), settings), source, task);
}

base::Result<MendedRules, std::string> mend_import(const base::SourceText& source, import::ImportFormat format,
                                                   const import::ImportOptions& options, const MendTask& task) {
    switch (format) {
        case import::ImportFormat::iptables:
            return mended(*mend::make_iptables_scribe(source.name(), options), source, task);
        case import::ImportFormat::cisco_ios:
            return mended(*mend::make_cisco_scribe(source.name(), options), source, task);
        case import::ImportFormat::cisco_asa:
            return mended(*mend::make_asa_scribe(source.name(), options), source, task);
        case import::ImportFormat::nft: return mended(*mend::make_nft_scribe(source.name(), options), source, task);
    }
    return base::failure(std::string("this format of rules cannot be mended"));
}

}  // namespace sim::firewall::mend
