#include "client/session.hpp"

#include "client/explain.hpp"
#include "sim/rpc/status.hpp"

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

namespace client {

namespace actor = sim::actor;
namespace rpc = sim::rpc;

namespace {

bool needs_session(Do action) { return action == Do::new_mail || action == Do::public_folders || action == Do::use; }

// An open connection that died while nothing was under way on it: what comes next was not executed.
Failure died_idle(Phase phase, Cause how) {
    return {.phase = phase, .stage = Stage::session, .cause = how, .code = rpc::status::call_failed_dne};
}

}  // namespace

Outlook::Session::Session(OutlookConfig config) : config_(std::move(config)), queue_(config_.actions) {
    assert(!config_.binding_order.empty());
}

void Outlook::Session::handle(const actor::Event& event, SimTime now, Actions& out) {
    now_ = now;
    std::visit([this, &out](const auto& what) { on(what, out); }, event);
    start_next(out);
}

// ---- actions ----

void Outlook::Session::start_next(Actions& out) {
    while (work_ == Work::none && next_ < queue_.size()) begin(queue_[next_++], out);
    if (work_ != Work::none) return;
    if (kept_ == Kept::open && config_.keep_session) {
        if (fetch_due_ && store_) call_store(Work::fetch, out);
    } else {
        drop_session(out);
    }
}

void Outlook::Session::begin(Do action, Actions& out) {
    current_.emplace();
    current_->action = action;
    current_->began = now_;
    current_->phases.reserve(6);
    if (config_.narrate) out.emplace_back(actor::Note{std::string(name_of(action)) + " begins"});
    if (!config_.resolves) {
        // 1722 and WSAHOST_NOT_FOUND are what a name without an address gives.
        const Failure failure{.phase = Phase::name,
                              .stage = Stage::resolve,
                              .cause = Cause::not_resolved,
                              .code = rpc::status::server_unavailable,
                              .detail = 11001};
        open_record(Phase::name, Phase::name, Transport::ncacn_ip_tcp, {});
        close_record(failure);
        logon_first_ = needs_session(action);
        finish(failure, failure.code, out);
        return;
    }
    if (needs_session(action)) {
        begin_on_session(out);
        return;
    }
    if (action == Do::logon) drop_session(out);
    begin_legs(legs_of(action, config_.generation), out);
}

void Outlook::Session::begin_on_session(Actions& out) {
    switch (kept_) {
        case Kept::open: session_is_there(out); break;
        case Kept::failed:
            logon_first_ = true;
            finish(kept_failure_, kept_failure_.code, out);
            break;
        case Kept::dead: finish(kept_failure_, kept_failure_.code, out); break;
        case Kept::never:
            if (current_->action == Do::use) {
                finish(died_idle(Phase::information_store, Cause::no_session), rpc::status::call_failed_dne, out);
            } else {
                logon_first_ = true;
                begin_legs(legs_of(Do::logon, config_.generation), out);
            }
            break;
    }
}

void Outlook::Session::session_is_there(Actions& out) {
    switch (current_->action) {
        case Do::new_mail: wait_for_notice(out); break;
        case Do::public_folders:
            server_ = 0;
            begin_legs(legs_of(Do::public_folders, config_.generation), out);
            break;
        case Do::use:
            if (store_)
                call_store(Work::use, out);
            else
                use_pipe(out);
            break;
        default: assert(false);
    }
}

void Outlook::Session::legs_done(Actions& out) {
    if (logging_on()) kept_ = Kept::open;
    if (!logon_first_) {
        finish(std::nullopt, 0, out);
        return;
    }
    logon_first_ = false;
    session_is_there(out);
}

void Outlook::Session::finish(std::optional<Failure> failure, std::uint32_t shown_code, Actions& out) {
    const bool logon = current_->action == Do::logon || logon_first_;
    current_->in_logon = logon_first_;
    current_->works = !failure;
    current_->failure = failure;
    current_->shown_code = shown_code;
    current_->ended = now_;
    current_->degraded =
        !failure && std::any_of(current_->phases.begin(), current_->phases.end(), [](const auto& record) {
            return record.transport == Transport::ncacn_np && !record.failure;
        });
    for (const auto connection : closed_with_action_) close(connection, out);
    closed_with_action_.clear();
    if (timer_runs_) out.emplace_back(actor::CancelTimer{reply_timer});
    timer_runs_ = answer_awaited_ = port_awaited_ = false;
    if (work_ == Work::notice) out.emplace_back(actor::CancelTimer{notice_timer});
    if (current_->action == Do::new_mail) notice_seen_.reset();
    if (config_.narrate) out.emplace_back(actor::Note{summary(*current_)});
    if (failure && logon) {
        drop_session(out);
        kept_ = Kept::failed;
        kept_failure_ = *failure;
    }
    outcomes_.push_back(std::move(*current_));
    current_.reset();
    logon_first_ = false;
    work_ = Work::none;
}

// ---- the kept session ----

void Outlook::Session::wait_for_notice(Actions& out) {
    Failure failure{.phase = Phase::information_store, .stage = Stage::notice, .cause = Cause::no_notice};
    if (!store_) {
        failure.cause = Cause::pipes_not_usable;
        finish(failure, 0, out);
    } else if (const auto& refused = store_->notices_refused()) {
        failure = {Phase::information_store, Stage::notice, refused->cause, refused->code, refused->detail};
        finish(failure, failure.code, out);
    } else if (!notice_seen_) {
        work_ = Work::notice;
        out.emplace_back(actor::SetTimer{notice_timer, config_.notice_wait});
    } else {
        current_->notice_at = notice_seen_;
        if (fetch_due_)
            call_store(Work::fetch, out);
        else
            finish(std::nullopt, 0, out);
    }
}

void Outlook::Session::call_store(Work work, Actions& out) {
    work_ = work;
    if (current_) {
        open_record(Phase::information_store, Phase::information_store, Transport::ncacn_ip_tcp, store_record_.target);
        current_->phases.back().connection = store_record_.connection;
        current_->phases.back().reused = true;
    }
    store_answered(store_->again(plan::use_calls, out), out);
}

// The redirector renews a pipe session that was lost, or that it gave up itself after a while, without telling
// (inferred): a new connection shows whether the way is still open.
void Outlook::Session::use_pipe(Actions& out) {
    work_ = Work::use;
    if (pipe_) close(pipe_->connection, out);
    pipe_.reset();
    PhaseRecord& record =
        open_record(Phase::information_store, Phase::information_store, Transport::ncacn_np, store_record_.target);
    record.connection = pipe_attempt_ = connect_to(store_record_.target, out);
}

void Outlook::Session::store_answered(Step step, Actions& out) {
    if (step == Step::waiting) {
        expect_answer(out);
    } else if (step == Step::done) {
        answer_awaited_ = false;
        fetch_due_ = false;
        // A notice that was answered is spent: a later `new-mail` is not to live on it.
        notice_seen_.reset();
        if (current_) {
            close_record(std::nullopt);
            finish(std::nullopt, 0, out);
        } else {
            if (timer_runs_) out.emplace_back(actor::CancelTimer{reply_timer});
            timer_runs_ = false;
            work_ = Work::none;
        }
    } else {
        store_failed(store_->failure(), out);
    }
}

void Outlook::Session::store_failed(const Failure& failure, Actions& out) {
    answer_awaited_ = false;
    const bool alone = fetching_alone();
    session_died(failure, out);
    if (alone) {
        if (timer_runs_) out.emplace_back(actor::CancelTimer{reply_timer});
        timer_runs_ = false;
        work_ = Work::none;
        return;
    }
    close_record(failure);
    finish(failure, failure.code, out);
}

// Everything is closed; later actions on the session are told how it ended.
void Outlook::Session::session_died(const Failure& failure, Actions& out) {
    drop_session(out);
    kept_ = Kept::dead;
    kept_failure_ = died_idle(Phase::information_store, failure.cause);
}

void Outlook::Session::drop_session(Actions& out) {
    if (store_) close(store_->id(), out);
    if (directory_) close(directory_->id(), out);
    if (pipe_) close(pipe_->connection, out);
    store_.reset();
    directory_.reset();
    pipe_.reset();
    notice_seen_.reset();
    fetch_due_ = false;
    if (kept_ == Kept::open) kept_ = Kept::never;
}

// A connection of the very session that is being opened went away under it.
void Outlook::Session::logon_lost(const Failure& failure, Actions& out) {
    if (active_) close(active_->id(), out);
    if (pipe_attempt_.value != 0) close(pipe_attempt_, out);
    active_.reset();
    pipe_attempt_ = {};
    close_record(failure);
    finish(failure, failure.code, out);
}

// ---- events ----

void Outlook::Session::ended(actor::ConnectionId connection, Cause how, Actions& out) {
    if (active_ && active_->id() == connection) {
        attempt_failed(active_->broken_off(how), out);
    } else if (store_ && store_->id() == connection) {
        if (work_ == Work::use || work_ == Work::fetch) {
            store_failed(store_->broken_off(how), out);
        } else {
            const Failure failure = died_idle(Phase::information_store, how);
            const bool waiting = work_ == Work::notice;
            session_died(failure, out);
            if (waiting) finish(failure, failure.code, out);
        }
    } else if (directory_ && directory_->id() == connection) {
        close(connection, out);
        directory_.reset();
        if (logging_on()) logon_lost(died_idle(Phase::directory, how), out);
    } else if (pipe_ && pipe_->connection == connection) {
        close(connection, out);
        pipe_.reset();
    } else if (std::erase(closed_with_action_, connection) != 0) {
        close(connection, out);
    }
}

void Outlook::Session::on(const actor::Received& event, Actions& out) {
    const bool of_active = active_ && active_->id() == event.connection;
    if (!of_active && !(store_ && store_->id() == event.connection)) return;
    Conversation& conversation = of_active ? *active_ : *store_;
    const std::size_t before = conversation.answered();
    const Step step = conversation.feed(event.octets, out);
    if (step == Step::waiting && conversation.answered() == before) return;
    if (of_active)
        attempt_went(step, out);
    else if (work_ == Work::use || work_ == Work::fetch)
        store_answered(step, out);
}

void Outlook::Session::on(const actor::Datagram& event, Actions& out) {
    const Conversation* store = store_ ? &*store_ : active_ ? &*active_ : nullptr;
    if (store == nullptr ||
        !std::equal(event.octets.begin(), event.octets.end(), store->blob().begin(), store->blob().end()))
        return;
    if (!notice_seen_) notice_seen_ = now_;
    fetch_due_ = true;
    if (work_ != Work::notice) return;
    out.emplace_back(actor::CancelTimer{notice_timer});
    current_->notice_at = now_;
    call_store(Work::fetch, out);
}

void Outlook::Session::on(const actor::TimerFired& event, Actions& out) {
    if (event.timer == notice_timer && work_ == Work::notice) {
        finish(Failure{Phase::information_store, Stage::notice, Cause::no_notice, 0, 0}, 0, out);
    } else if (event.timer == reply_timer && timer_runs_) {
        timer_runs_ = false;
        if (!answer_awaited_) return;
        if (now_ >= answer_due_) {
            time_is_up(out);
        } else {
            timer_runs_ = true;
            out.emplace_back(actor::SetTimer{reply_timer, answer_due_ - now_});
        }
    }
}

void Outlook::Session::time_is_up(Actions& out) {
    answer_awaited_ = false;
    if (port_awaited_) {
        port_awaited_ = false;
        attempt_went(active_->skip(out), out);
    } else if (active_) {
        attempt_failed(active_->broken_off(Cause::no_answer), out);
    } else if (store_ && (work_ == Work::use || work_ == Work::fetch)) {
        store_failed(store_->broken_off(Cause::no_answer), out);
    }
}

}  // namespace client
