// The ladder as a picture for documents: Mermaid text, which wikis draw, or a picture in SVG that stands alone.
#pragma once

#include "scenarios/report/events.hpp"

#include <string>

namespace scenarios::report {

std::string mermaid(const Events& events, const std::string& title);

// No script, no outside reference; readable on light and dark ground. Dropped packets end at the firewall with a cross
// and the word, so that colour is never the only sign.
std::string svg(const Events& events, const std::string& title);

}  // namespace scenarios::report
