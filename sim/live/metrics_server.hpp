// Answers GET /metrics over HTTP with a text that is made when it is asked for (Prometheus text format). Nothing else
// is served: every other path is 404, every other method 405.
//
// Bounds: 16 connections at once, a request head of 8 KiB without body, ten seconds for a request, one request a
// connection.
#pragma once

#include "sim/live/loop.hpp"
#include "sim/wire/endpoint.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sim::live {

class MetricsServer {
public:
    using Text = std::function<std::string()>;

    MetricsServer(Loop& loop, Text text);
    ~MetricsServer();
    MetricsServer(const MetricsServer&) = delete;
    MetricsServer& operator=(const MetricsServer&) = delete;

    // The system's reason when the address cannot be listened on. Port 0 takes any free one.
    std::optional<std::string> listen(const wire::Endpoint& endpoint);
    wire::Endpoint address() const;  // where it listens
    void stop();

private:
    class State;
    std::shared_ptr<State> state_;
};

}  // namespace sim::live
