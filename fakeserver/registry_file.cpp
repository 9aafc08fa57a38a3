// The frame of a `.reg` file: encoding, header, keys with their values.
#include "fakeserver/registry_file.hpp"

#include "fakeserver/registry.hpp"
#include "fakeserver/registry_line.hpp"
#include "fakeserver/text_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace fakeserver {
namespace {

constexpr std::string_view header4 = "REGEDIT4";
constexpr std::string_view header5 = "Windows Registry Editor Version 5.00";
constexpr std::string_view header_hint =
    "the first line must be REGEDIT4 or Windows Registry Editor Version 5.00, exactly";

base::Diagnostic about_file(const std::string& name, std::string what, std::string id, std::string hint) {
    return {.severity = base::Severity::error,
            .place = {.file = name},
            .what = std::move(what),
            .id = std::move(id),
            .hint = std::move(hint),
            .source_line = {}};
}

base::Diagnostic describe_fault(const base::SourceText& source, const DecodedText& decoded) {
    const auto here = [&](std::string what, std::string id, std::string hint) {
        return source.diagnose(base::Severity::error, source.place_at(decoded.at), std::move(what), std::move(id),
                               std::move(hint));
    };
    const auto whole = [&](std::string what, std::string id, std::string hint) {
        return about_file(source.name(), std::move(what), std::move(id), std::move(hint));
    };
    switch (decoded.fault) {
        case TextFault::utf16_without_bom:
            return whole("the file is UTF-16 without its byte order mark", "reg-utf16-without-bom",
                         "save it again as Unicode, or as ANSI with the header REGEDIT4");
        case TextFault::utf16_big_endian:
            return whole("the file is big-endian UTF-16", "reg-utf16-big-endian",
                         "regedit reads little-endian UTF-16 only; save it again as Unicode");
        case TextFault::utf16_odd:
            return here("the UTF-16 text ends in the middle of a character", "reg-utf16-odd", "was the file cut off?");
        case TextFault::utf16_surrogate:
            return here("half a character (a surrogate without its partner)", "reg-utf16-bad", "");
        case TextFault::nul:
            return here("a zero character inside the text", "reg-nul",
                        "text has none; is this a hive or another binary?");
        case TextFault::not_text:
        case TextFault::none: break;
    }
    return whole("this is no text file", "reg-not-text",
                 "export the key with regedit as text; hives and binaries cannot be read");
}

class FileReader {
public:
    explicit FileReader(base::SourceText source) : lines_(std::move(source)) {}

    void read();
    RegistryFile take(std::string name) { return {.name = std::move(name), .edits = std::move(edits_), .remarks = {}}; }
    base::Diagnostics take_findings() { return lines_.take_findings(); }
    const base::SourceText& source() const { return lines_.source(); }

private:
    enum class Section : std::uint8_t { none, open, deleted, unusable };

    bool read_header();
    bool resembles_registry_text() const;
    bool report_header(std::string_view first);
    void read_line();
    void read_key();
    void read_value();
    bool section_takes_value(std::size_t from, std::size_t length);
    void add_value(std::string name, Written written, ValueText text);
    void remember(const std::string& name, const Written& written);
    bool enough();

    RegistryLines lines_;
    std::vector<RegistryEdit> edits_;
    std::map<std::string, std::uint32_t, std::less<>> written_at_;  // "folded path\nfolded name" -> line
    std::string path_;
    Section section_ = Section::none;
    bool version5_ = false;
};

bool FileReader::resembles_registry_text() const {
    const std::string_view text = lines_.source().text();
    for (const std::string_view mark : {"[HKEY_", "[-HKEY_", "[HKLM\\", "[hkey_", "REGEDIT"})
        if (text.find(mark) != std::string_view::npos) return true;
    return false;
}

// False when the rest is not worth reading.
bool FileReader::report_header(std::string_view first) {
    if (!resembles_registry_text()) {
        const std::string_view text = lines_.source().text();
        const bool toml = text.find("[server]") != std::string_view::npos ||
                          text.find("[[") != std::string_view::npos || text.find("title =") != std::string_view::npos;
        return lines_.error(0, first.size(), "this is no registry file", "reg-not-a-reg-file",
                            toml ? "it looks like a scenario (TOML): give that to `run` or `check`, and name the .reg "
                                   "file in its registry key"
                                 : std::string(header_hint));
    }
    const std::string like = folded(first);
    if (like.find("regedit") != std::string::npos || like.find("registry editor") != std::string::npos)
        lines_.error(0, first.size(), "regedit does not know this header", "reg-header-wrong",
                     std::string(header_hint));
    else
        lines_.error(0, first.size(), "the header is missing", "reg-header-missing", std::string(header_hint));
    return true;
}

// Leaves the finger before the first line to be read.
bool FileReader::read_header() {
    if (!lines_.next()) return false;
    std::string_view line = lines_.line();
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    line = line.substr(0, line.find_last_not_of(" \t") + 1);
    version5_ = line == header5;
    if (version5_ || line == header4) return true;
    const bool missing = line.empty() || line.starts_with('[') || line.starts_with(';') || line.starts_with('"');
    if (!report_header(missing ? std::string_view{} : lines_.line())) return false;
    if (missing) read_line();
    return true;
}

void FileReader::read() {
    if (!read_header()) return;
    while (!enough() && lines_.next()) read_line();
}

bool FileReader::enough() {
    if (lines_.findings().size() >= diagnostics_max) {
        lines_.error(0, lines_.line().size(), "too many findings, reading stops here", "reg-too-many-errors");
        return true;
    }
    if (edits_.size() >= edits_max) {
        lines_.error(0, lines_.line().size(), fmt::format("more than {} keys and values", edits_max), "reg-too-many",
                     "export only the keys that matter");
        return true;
    }
    return false;
}

void FileReader::read_line() {
    lines_.skip_space();
    if (lines_.at_end() || lines_.peek() == '#') return;
    if (lines_.peek() == '[') return read_key();
    if (lines_.peek() == '"' || lines_.peek() == '@') return read_value();
    // Lines behind a wrong header often are the header again; once is enough to say.
    const std::string_view rest = lines_.rest();
    if (rest == header4 || rest == header5) {
        lines_.error(lines_.at, rest.size(), "the header stands once, on the very first line", "reg-line");
        return;
    }
    lines_.error(lines_.at, rest.size(), "neither a key, a value nor a comment", "reg-line",
                 rest.find('=') != std::string_view::npos ? "a value's name stands in quotes: \"TCP/IP port\"=dword:..."
                                                          : "comments begin with ;");
}

void FileReader::read_key() {
    auto key = read_key_line(lines_);
    if (!key) {
        section_ = Section::unusable;
        return;
    }
    path_ = key->path;
    section_ = key->deletes ? Section::deleted : Section::open;
    if (key->deletes)
        edits_.emplace_back(DeleteKey{.path = std::move(key->path), .written = std::move(key->written)});
    else
        edits_.emplace_back(CreateKey{.path = std::move(key->path), .written = std::move(key->written)});
}

bool FileReader::section_takes_value(std::size_t from, std::size_t length) {
    switch (section_) {
        case Section::open: return true;
        case Section::unusable: return false;  // its key has been reported already
        case Section::none:
            return lines_.error(from, length, "a value before the first key", "reg-value-before-key",
                                "begin with [HKEY_LOCAL_MACHINE\\...]");
        case Section::deleted:
            return lines_.error(from, length, "a value under a key that is being deleted",
                                "reg-value-under-deleted-key", "regedit ignores it; name the key again without the -");
    }
    return false;
}

void FileReader::read_value() {
    const std::size_t begin = lines_.at;
    std::string name;
    if (!lines_.take("@")) {
        auto quoted = read_quoted(lines_);
        if (!quoted) return;
        name = std::move(*quoted);
    }
    const std::size_t length = lines_.at - begin;
    Written written = lines_.written(begin, length);
    lines_.skip_space();
    if (!lines_.take("=")) {
        lines_.error(lines_.at, 1, "= is expected behind the value's name", "reg-value-equals");
        return;
    }
    const bool wanted = section_takes_value(begin, length);
    auto text = read_value_data(lines_, version5_);
    if (text && wanted) add_value(std::move(name), std::move(written), std::move(*text));
}

void FileReader::remember(const std::string& name, const Written& written) {
    const auto [at, fresh] = written_at_.try_emplace(folded(path_) + '\n' + folded(name), written.place.line);
    if (fresh) return;
    lines_.report(base::Severity::warning, written.place,
                  fmt::format("the value was written before, in line {}", at->second), "reg-duplicate-value",
                  "the last one counts");
    at->second = written.place.line;
}

void FileReader::add_value(std::string name, Written written, ValueText text) {
    if (std::holds_alternative<DataDeleted>(text)) {
        edits_.emplace_back(DeleteValue{.path = path_, .name = std::move(name), .written = std::move(written)});
        return;
    }
    remember(name, written);
    auto& typed = std::get<TypedData>(text);
    edits_.emplace_back(SetValue{.path = path_,
                                 .value = {.name = std::move(name),
                                           .type = typed.type,
                                           .data = std::move(typed.data),
                                           .written = std::move(written)}});
}

}  // namespace

base::Result<RegistryFile, base::Diagnostics> parse_registry_file(std::string name, base::ByteView octets) {
    const auto refuse = [](base::Diagnostic why) { return base::failure(base::Diagnostics{std::move(why)}); };
    if (octets.empty()) return refuse(about_file(name, "the file is empty", "reg-empty", std::string(header_hint)));
    if (octets.size() > file_octets_max)
        return refuse(about_file(name, fmt::format("the file is larger than {} MB", file_octets_max >> 20U),
                                 "reg-too-large", "export only the keys that matter"));
    DecodedText decoded = decode_text(octets);
    FileReader reader(base::SourceText(name, std::move(decoded.text)));
    base::Diagnostics findings;
    const bool readable = decoded.fault == TextFault::none || decoded.fault == TextFault::nul ||
                          decoded.fault == TextFault::utf16_odd || decoded.fault == TextFault::utf16_surrogate;
    if (readable) reader.read();
    findings = reader.take_findings();
    if (decoded.fault != TextFault::none) findings.insert(findings.begin(), describe_fault(reader.source(), decoded));
    std::stable_sort(findings.begin(), findings.end(), [](const base::Diagnostic& a, const base::Diagnostic& b) {
        return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
    if (base::has_errors(findings)) return base::failure(std::move(findings));
    RegistryFile file = reader.take(std::move(name));
    file.remarks = std::move(findings);
    return file;
}

}  // namespace fakeserver
