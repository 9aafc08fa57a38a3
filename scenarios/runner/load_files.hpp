// The one door to the file system for everything that a scenario names, so that tests and other programs can put
// something else behind it.
//
// DiskFiles reads real files and refuses, before reading, whatever is no regular file or is larger than the limit.
// MemoryFiles holds texts by path, for tests and for scenarios that never were on a disk.
#pragma once

#include "sim/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::runner {

enum class FileError : std::uint8_t { missing, is_folder, not_regular, not_readable, too_large };

// "there is no such file", "is a folder, not a file", ...
std::string_view sentence(FileError error);

inline constexpr std::size_t file_size_max = std::size_t{16} * 1024 * 1024;  // octets: 200,000 rules

class Files {
public:
    virtual ~Files() = default;

    // The whole file as octets, at most file_size_max of them.
    [[nodiscard]] virtual sim::base::Result<std::string, FileError> read(const std::string& path) = 0;

    // The names in a folder, sorted, for "did you mean"; empty when it cannot be listed. "" is the current folder.
    virtual std::vector<std::string> names_in(const std::string& folder) = 0;
};

class DiskFiles final : public Files {
public:
    [[nodiscard]] sim::base::Result<std::string, FileError> read(const std::string& path) override;
    std::vector<std::string> names_in(const std::string& folder) override;
};

class MemoryFiles final : public Files {
public:
    explicit MemoryFiles(std::map<std::string, std::string> texts) : texts_(std::move(texts)) {}
    [[nodiscard]] sim::base::Result<std::string, FileError> read(const std::string& path) override;
    std::vector<std::string> names_in(const std::string& folder) override;

private:
    std::map<std::string, std::string> texts_;  // by path, `/` between the parts
};

// A path as the file `naming` means it: relative to its folder, unless it is absolute.
std::string path_beside(std::string_view naming, std::string_view written);

}  // namespace scenarios::runner
