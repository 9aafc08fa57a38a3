#include "scenarios/live/registry_source.hpp"

#include <utility>

namespace scenarios::live {

namespace base = sim::base;

RegistryRead read_registry(const std::vector<std::string>& paths, runner::Files& files) {
    RegistryRead read;
    for (const std::string& path : paths) {
        const auto text = files.read(path);
        if (!text) {
            read.diagnostics.push_back(
                {.severity = base::Severity::error,
                 .place = {.file = path},
                 .what = std::string(runner::sentence(text.error())),
                 .id = text.error() == runner::FileError::missing ? "missing-file" : "bad-file"});
            continue;
        }
        auto parsed = fakeserver::parse_registry_file(path, base::view_of(*text));
        if (!parsed) {
            const base::Diagnostics errors = parsed.error();
            read.diagnostics.insert(read.diagnostics.end(), errors.begin(), errors.end());
            continue;
        }
        read.diagnostics.insert(read.diagnostics.end(), parsed->remarks.begin(), parsed->remarks.end());
        read.files.push_back(std::move(*parsed));
    }
    return read;
}

}  // namespace scenarios::live
