// Results as a JUnit document, for build servers. A scenario file is a suite, each of its results a test case; virtual
// times are not wall-clock times and are left out.
#pragma once

#include "scenarios/runner/result.hpp"

#include <string>
#include <vector>

namespace scenarios::report {

class Junit {
public:
    void add(const runner::Result& result);
    std::string document() const;

private:
    struct Suite {
        std::string name;
        std::string cases;
        std::size_t tests = 0, failures = 0, skipped = 0;
    };
    std::vector<Suite> suites_;
};

}  // namespace scenarios::report
