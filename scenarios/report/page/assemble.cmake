# Makes one self-contained page of a template and what it names, as a C++ source.
#
#   cmake -DTEMPLATE=report.html -DOUTPUT=report_page.cpp -DFUNCTION=report_page -P assemble.cmake
#
# In the template, <link rel="stylesheet" href="X.css"> and <script src="X.js"></script> become elements that hold the
# file, without its lines of comment; so the template opens by itself from this folder, and the page needs nothing else.
# The comment <!-- policy --> becomes a Content-Security-Policy that allows those very elements, by their SHA-256, and
# nothing else at all. The source defines std::string_view scenarios::report::FUNCTION().

cmake_minimum_required(VERSION 3.25)
get_filename_component(folder "${TEMPLATE}" DIRECTORY)

# The base64 of an octet string given in hexadecimal: 24 bits make four characters.
set(digits "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
function(base64 hex result)
  set(text "")
  string(LENGTH "${hex}" length)
  foreach(at RANGE 0 ${length} 6)
    string(SUBSTRING "${hex}" ${at} 6 group)
    string(LENGTH "${group}" have)
    if(have EQUAL 0)
      break()
    endif()
    string(SUBSTRING "${group}000000" 0 6 group)
    math(EXPR characters "${have} * 4 / 6 + (${have} * 4 % 6 + 5) / 6")
    foreach(shift 18 12 6 0)
      if(characters GREATER 0)
        math(EXPR digit "(0x${group} >> ${shift}) & 63")
        string(SUBSTRING "${digits}" ${digit} 1 character)
        string(APPEND text "${character}")
        math(EXPR characters "${characters} - 1")
      else()
        string(APPEND text "=")
      endif()
    endforeach()
  endforeach()
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

# The contents of a file between line feeds, without indentation and without lines that are nothing but a comment.
function(read_part name result)
  file(READ "${folder}/${name}" text)
  string(REGEX REPLACE "\n[ ]*//[^\n]*" "" text "\n${text}")
  string(REGEX REPLACE "\n[ ]*/[*][^\n]*[*]/(\n|$)" "\n" text "${text}")
  string(REGEX REPLACE "\n[ \n]*" "\n" text "${text}")
  if(name MATCHES "[.]css$")
    string(REGEX REPLACE "[ ]*([{};])[ ]*" "\\1" text "${text}")
    string(REGEX REPLACE "([a-z]): " "\\1:" text "${text}")  # not in a text, where a quote or a sign stands before it
  endif()
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

file(READ "${TEMPLATE}" page)
set(styles "")
set(scripts "")
while(page MATCHES "<link rel=\"stylesheet\" href=\"([a-z.]+)\">|<script src=\"([a-z.]+)\"></script>")
  set(element "${CMAKE_MATCH_0}")
  set(style "${CMAKE_MATCH_1}")
  set(script "${CMAKE_MATCH_2}")
  read_part("${style}${script}" text)
  string(SHA256 hex "${text}")
  base64("${hex}" hash)
  if(style)
    string(APPEND styles " 'sha256-${hash}'")
    string(REPLACE "${element}" "<style>${text}</style>" page "${page}")
  else()
    string(APPEND scripts " 'sha256-${hash}'")
    string(REPLACE "${element}" "<script>${text}</script>" page "${page}")
  endif()
endwhile()
set(policy "default-src 'none'; base-uri 'none'; form-action 'none'; style-src${styles}; script-src${scripts}")
string(REPLACE "<!-- policy -->" "<meta http-equiv=\"Content-Security-Policy\" content=\"${policy}\">" page "${page}")
get_filename_component(name "${TEMPLATE}" NAME)
file(WRITE "${OUTPUT}.new" "// Made of ${name} by assemble.cmake.
#include <string_view>

namespace scenarios::report {

std::string_view ${FUNCTION}();
std::string_view ${FUNCTION}() {
    return R\"page(${page})page\";
}

}  // namespace scenarios::report
")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
