#include "client/outlook.hpp"

#include "client/session.hpp"

#include <utility>

namespace client {

Outlook::Outlook(OutlookConfig config) : session_(std::make_unique<Session>(std::move(config))) {}
Outlook::~Outlook() = default;

void Outlook::handle(const sim::actor::Event& event, sim::base::SimTime now, sim::actor::Actions& out) {
    session_->handle(event, now, out);
}

void Outlook::request(Do action) { session_->request(action); }
bool Outlook::idle() const { return session_->idle(); }
const std::vector<ActionOutcome>& Outlook::outcomes() const { return session_->outcomes(); }
bool Outlook::session_open() const { return session_->session_open(); }

}  // namespace client
