// The `.reg` files of a live server, beside those that its scenario names. Read again whenever the services restart.
#pragma once

#include "fakeserver/registry.hpp"
#include "scenarios/runner/load_files.hpp"

#include <string>
#include <vector>

namespace scenarios::live {

struct RegistryRead {
    std::vector<fakeserver::RegistryFile> files;  // in the order of the paths
    sim::base::Diagnostics diagnostics;           // of every file; with an error nothing is to be used
};

RegistryRead read_registry(const std::vector<std::string>& paths, runner::Files& files);

}  // namespace scenarios::live
