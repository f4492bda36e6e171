# fast-cpp-csv-parser (Debian: libfccp-dev), header-only, without a CMake package: defines FastCppCsvParser::csv.
# Debian puts the header in libfccp/, so the folder that holds csv.h itself is what is searched for.
find_path(FastCppCsvParser_INCLUDE_DIR csv.h PATH_SUFFIXES libfccp fast-cpp-csv-parser)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(FastCppCsvParser REQUIRED_VARS FastCppCsvParser_INCLUDE_DIR)
if(FastCppCsvParser_FOUND AND NOT TARGET FastCppCsvParser::csv)
  find_package(Threads REQUIRED)
  add_library(FastCppCsvParser::csv INTERFACE IMPORTED)
  target_include_directories(FastCppCsvParser::csv SYSTEM INTERFACE ${FastCppCsvParser_INCLUDE_DIR})
  target_link_libraries(FastCppCsvParser::csv INTERFACE Threads::Threads)
  # g++ finds a strncpy in the header, wherever that is inlined; it ends the text itself on the next line.
  target_compile_options(FastCppCsvParser::csv INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-truncation>)
endif()
