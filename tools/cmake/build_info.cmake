# Run at every build: writes build_info.cpp with the commit that is checked out, "+changes" if files differ from it.
execute_process(COMMAND git -C ${SOURCE_DIR} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE KADSIM_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(KADSIM_COMMIT "unknown")
else()
  execute_process(COMMAND git -C ${SOURCE_DIR} status --porcelain --untracked-files=no
    OUTPUT_VARIABLE changes ERROR_QUIET)
  if(changes)
    string(APPEND KADSIM_COMMIT "+changes")
  endif()
endif()
configure_file(${SOURCE_DIR}/tools/kadsim/build_info.cpp.in ${OUTPUT} @ONLY)
