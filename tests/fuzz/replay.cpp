// Runs a fuzz entry over files: what libFuzzer found, or was given to start from, stays a test in every build.
//   fuzz_NAME FOLDER...      an empty or missing folder fails, so that no seed gets lost unnoticed
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

// In name order, so that a failure is reached the same way on every machine.
std::vector<fs::path> files_of(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        if (entry->is_regular_file(error)) files.push_back(entry->path());
    std::sort(files.begin(), files.end());
    return files;
}

bool replay(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        std::fprintf(stderr, "%s: cannot be read\n", file.c_str());
        return false;
    }
    const std::vector<char> contents{std::istreambuf_iterator<char>(in), {}};
    // A block of exactly the input's size: a vector's spare room would hide an over-read from the sanitizer.
    const auto block = std::make_unique<std::uint8_t[]>(contents.size());
    std::copy(contents.begin(), contents.end(), block.get());
    (void)LLVMFuzzerTestOneInput(block.get(), contents.size());
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    bool all_well = argc > 1;
    std::size_t count = 0;
    for (int i = 1; i < argc; ++i) {
        const std::vector<fs::path> files = files_of(argv[i]);
        if (files.empty()) {
            std::fprintf(stderr, "%s: no inputs\n", argv[i]);
            all_well = false;
        }
        for (const fs::path& file : files) {
            if (replay(file))
                ++count;
            else
                all_well = false;
        }
    }
    std::printf("%zu inputs replayed\n", count);
    return all_well ? 0 : 1;
}
