// The shape of bad input: either the value, or the reason why there is none.
//
// `Result<T, E>` is Boost's `system::result`. Test it like a pointer, then use `*r` / `r->` for the value or
// `r.error()` for the reason; return `failure(e)` for the failing side. T and E must be different types that do
// not convert into each other. Every function that returns a Result is [[nodiscard]].
#pragma once

#include <boost/system/result.hpp>

#include <utility>

namespace sim::base {

template <class T, class E>
using Result = boost::system::result<T, E>;

// Wraps an error so that it can only become the failing side of a Result.
template <class E>
struct Failure {
    E error;
    template <class T>
    operator Result<T, E>() && {  // NOLINT(google-explicit-constructor): its whole purpose
        return Result<T, E>(boost::system::in_place_error, std::move(error));
    }
};

template <class E>
Failure<E> failure(E error) {
    return {std::move(error)};
}

}  // namespace sim::base
