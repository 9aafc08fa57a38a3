// Lines from the standard input, one at a time, so that Ctrl-C is heard while waiting for one. The terminal is left in
// its usual line mode: whatever ends the program, there is nothing to restore.
#pragma once

#include <optional>
#include <string>

namespace scenarios::cli {

class Lines {
public:
    // The next line without its end; absent at the end of input, and after Ctrl-C.
    std::optional<std::string> next();

private:
    std::string ahead_;  // read and not yet handed out
    bool ended_ = false;
};

}  // namespace scenarios::cli
