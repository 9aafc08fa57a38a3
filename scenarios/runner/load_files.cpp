#include "scenarios/runner/load_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace scenarios::runner {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t names_max = 1000;  // of a folder, looked at for "did you mean"

// "a/./b/../c" as "a/c": MemoryFiles has no file system to do it.
std::string plain(std::string_view path) { return fs::path(path).lexically_normal().generic_string(); }

}  // namespace

std::string_view sentence(FileError error) {
    switch (error) {
        case FileError::missing: return "there is no such file";
        case FileError::is_folder: return "this is a folder, not a file";
        case FileError::not_regular: return "this is a device or a pipe, not a file";
        case FileError::not_readable: return "the file cannot be read";
        case FileError::too_large: return "the file is too large";
    }
    return "the file cannot be read";
}

// The kind is asked before opening: opening a pipe would wait for its other end. The size is only a hint (files under
// /proc say 0), so reading stops by itself too.
sim::base::Result<std::string, FileError> DiskFiles::read(const std::string& path) {
    if (path.find('\0') != std::string::npos) return sim::base::failure(FileError::missing);
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found) return sim::base::failure(FileError::missing);
    if (status.type() == fs::file_type::none || status.type() == fs::file_type::unknown)
        return sim::base::failure(FileError::not_readable);
    if (status.type() == fs::file_type::directory) return sim::base::failure(FileError::is_folder);
    if (status.type() != fs::file_type::regular) return sim::base::failure(FileError::not_regular);
    const std::uintmax_t size = fs::file_size(path, error);
    if (!error && size > file_size_max) return sim::base::failure(FileError::too_large);

    std::ifstream file(path, std::ios::binary);
    if (!file) return sim::base::failure(FileError::not_readable);
    std::string text;
    std::string piece(std::size_t{64} * 1024, '\0');
    while (file) {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        text.append(piece, 0, static_cast<std::size_t>(file.gcount()));
        if (text.size() > file_size_max) return sim::base::failure(FileError::too_large);
    }
    if (file.bad()) return sim::base::failure(FileError::not_readable);
    return text;
}

std::vector<std::string> DiskFiles::names_in(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    fs::directory_iterator at(folder.empty() ? "." : folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && at != fs::directory_iterator() && names.size() < names_max; at.increment(error))
        names.push_back(at->path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

sim::base::Result<std::string, FileError> MemoryFiles::read(const std::string& path) {
    const auto found = texts_.find(plain(path));
    if (found == texts_.end())
        return sim::base::failure(names_in(path).empty() ? FileError::missing : FileError::is_folder);
    if (found->second.size() > file_size_max) return sim::base::failure(FileError::too_large);
    return found->second;
}

std::vector<std::string> MemoryFiles::names_in(const std::string& folder) {
    const std::string start = folder.empty() ? std::string() : plain(folder + "/");
    std::vector<std::string> names;
    for (const auto& [path, text] : texts_) {
        if (path.size() <= start.size() || path.compare(0, start.size(), start) != 0) continue;
        const std::string name = path.substr(start.size(), path.find('/', start.size()) - start.size());
        if (names.empty() || names.back() != name) names.push_back(name);
    }
    return names;
}

std::string path_beside(std::string_view naming, std::string_view written) {
    // "play/../reg/a.reg" is "reg/a.reg" to the person who reads it.
    const std::size_t slash = naming.rfind('/');
    if (slash == std::string_view::npos || written.substr(0, 1) == "/") return plain(written);
    return plain(std::string(naming.substr(0, slash + 1)) + std::string(written));
}

}  // namespace scenarios::runner
