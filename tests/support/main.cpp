// The one place where Boost.Test's implementation is compiled; tests include <boost/test/unit_test.hpp> with
// BOOST_TEST_DYN_LINK unset and link this library.
#define BOOST_TEST_MODULE firedrill
#include <boost/test/included/unit_test.hpp>
