#include "sim/live/metrics_server.hpp"

#include "sim/live/addresses.hpp"
#include "sim/live/loop_state.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace sim::live {

namespace http = boost::beast::http;

class MetricsServer::State : public std::enable_shared_from_this<State> {
public:
    State(Loop& loop, Text text) : loop_(loop.state()), text_(std::move(text)), acceptor_(loop_.io) {}

    std::optional<std::string> listen(const wire::Endpoint& endpoint) {
        const auto where = to_asio<asio::ip::tcp>(endpoint);
        ErrorCode error;
        acceptor_.open(where.protocol(), error);
        if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
        if (!error) acceptor_.bind(where, error);
        if (!error) acceptor_.listen(16, error);
        if (error) return error.message();
        accept();
        return std::nullopt;
    }

    wire::Endpoint address() const {
        ErrorCode error;
        const auto local = acceptor_.local_endpoint(error);
        return error ? wire::Endpoint{} : from_asio(local);
    }

    void stop() {
        ErrorCode ignored;
        acceptor_.close(ignored);
        text_ = nullptr;
    }

private:
    static constexpr std::size_t visitors_max = 16;

    // One request and its answer; lives as long as a handler holds it.
    struct Visit {
        Visit(TcpSocket&& open, State& server) : socket(std::move(open)), timer(socket.get_executor()), home(server) {
            parser.header_limit(8192);
            parser.body_limit(0);
            ++home.visitors_;
        }
        ~Visit() { --home.visitors_; }
        Visit(const Visit&) = delete;
        Visit& operator=(const Visit&) = delete;
        TcpSocket socket;
        Timer timer;
        State& home;  // kept alive by the handlers
        boost::beast::flat_buffer buffer{8192};
        http::request_parser<http::empty_body> parser;
        http::response<http::string_body> response;
    };

    void accept() {
        acceptor_.async_accept([self = shared_from_this()](const ErrorCode& error, TcpSocket socket) {
            if (error == asio::error::operation_aborted || !self->text_) return;
            if (!error && self->visitors_ < visitors_max) self->serve(std::move(socket));
            if (!error) return self->accept();
            // For want of a descriptor, most likely: trying again at once would be the same for ever.
            self->pause_.emplace(self->loop_.io);
            self->pause_->expires_after(std::chrono::seconds(1));
            self->pause_->async_wait([self](const ErrorCode& stopped) {
                if (!stopped && self->text_) self->accept();
            });
        });
    }

    void serve(TcpSocket&& socket) {
        const auto visit = std::make_shared<Visit>(std::move(socket), *this);
        visit->timer.expires_after(std::chrono::seconds(10));
        visit->timer.async_wait([visit, self = shared_from_this()](const ErrorCode& stopped) {
            ErrorCode ignored;
            if (!stopped) visit->socket.close(ignored);
        });
        http::async_read(visit->socket, visit->buffer, visit->parser,
                         [visit, self = shared_from_this()](const ErrorCode& error, std::size_t) {
                             if (error || !self->text_) return (void)visit->timer.cancel();
                             self->answer(visit);
                         });
    }

    void answer(const std::shared_ptr<Visit>& visit) {
        const auto& request = visit->parser.get();
        auto& response = visit->response;
        const bool head = request.method() == http::verb::head;
        response.version(request.version());
        response.keep_alive(false);
        response.set(http::field::server, "firedrill");
        response.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
        if (!head && request.method() != http::verb::get) {
            response.result(http::status::method_not_allowed);
            response.set(http::field::allow, "GET, HEAD");
            response.body() = "only GET is answered\n";
        } else if (request.target() != "/metrics") {
            response.result(http::status::not_found);
            response.body() = "there is /metrics only\n";
        } else {
            response.result(http::status::ok);
            response.body() = text_();
        }
        response.prepare_payload();
        if (head) response.body().clear();
        http::async_write(visit->socket, response, [visit, self = shared_from_this()](const ErrorCode&, std::size_t) {
            ErrorCode ignored;
            visit->socket.shutdown(asio::socket_base::shutdown_both, ignored);
            visit->timer.cancel();
        });
    }

    Loop::State& loop_;
    Text text_;
    TcpAcceptor acceptor_;
    std::optional<Timer> pause_;
    std::size_t visitors_ = 0;
};

MetricsServer::MetricsServer(Loop& loop, Text text) : state_(std::make_shared<State>(loop, std::move(text))) {}
MetricsServer::~MetricsServer() { state_->stop(); }
std::optional<std::string> MetricsServer::listen(const wire::Endpoint& endpoint) { return state_->listen(endpoint); }
wire::Endpoint MetricsServer::address() const { return state_->address(); }
void MetricsServer::stop() { state_->stop(); }

}  // namespace sim::live
