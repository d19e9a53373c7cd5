# Writes a C++ source with the text of each file of FILES (relative to ROOT).
set(rows "")
foreach(file IN LISTS FILES)
  file(READ ${ROOT}/${file} text HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" text "${text}")
  string(APPEND rows "    {\"${file}\", \"${text}\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Generated from the project's data files.
#include \"library/resources.hpp\"

namespace assay::library {

namespace {

constexpr Resource all[] = {
${rows}};

}  // namespace

std::span<const Resource> resources() { return all; }

}  // namespace assay::library
")
