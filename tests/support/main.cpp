// The test runner, compiled once: every test program links it and includes <boost/test/unit_test.hpp> alone.
#define BOOST_TEST_MODULE firedrill
#include <boost/test/included/unit_test.hpp>
