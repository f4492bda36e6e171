# How every target of the project is compiled. Linked PRIVATE, so that programs that link kadsim keep their own flags.
add_library(kadsim_compile INTERFACE)
target_compile_options(kadsim_compile INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  # g++ 12 sees overlapping copies where texts are joined (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # Results must not depend on whether a machine has fused multiply-add.
  -ffp-contract=off)
if(KADSIM_WERROR)
  target_compile_options(kadsim_compile INTERFACE -Werror)
endif()
if(KADSIM_SANITIZE)
  target_compile_options(kadsim_compile INTERFACE
    -fsanitize=${KADSIM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(kadsim_compile INTERFACE -fsanitize=${KADSIM_SANITIZE})
endif()

# A room is a folder: all .cpp in it are its library, all .hpp its public headers, included from the root.
function(kadsim_add_room name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  add_library(kadsim_${name} STATIC ${sources})
  add_library(kadsim::${name} ALIAS kadsim_${name})
  target_sources(kadsim_${name} PUBLIC
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
  target_compile_features(kadsim_${name} PUBLIC cxx_std_20)
  set_target_properties(kadsim_${name} PROPERTIES EXPORT_NAME ${name})
  target_link_libraries(kadsim_${name} PRIVATE $<BUILD_INTERFACE:kadsim_compile>)
  install(TARGETS kadsim_${name} EXPORT kadsimTargets FILE_SET HEADERS)
endfunction()
