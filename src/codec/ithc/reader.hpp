// Findings from the export of a scanner or a tester, one by one: memory does not grow with the
// file.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "codec/ithc/options.hpp"

namespace assay::codec::ithc {

// Errors: usage (what kind of file it is cannot be told), malformed (what, and where), limit (its
// name or size), and whatever the sink returns. After an error nothing more is read.
class Reader {
  public:
    Reader(Options options, Sink sink);
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    base::Result<void> feed(std::string_view chunk);
    base::Result<Summary> finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// Gives the next bytes, none at the end.
using Source = std::function<base::Result<std::string>()>;

base::Result<Summary> read(const Source& source, Options options, Sink sink);
base::Result<Summary> read_text(std::string_view text, Options options, Sink sink);

}  // namespace assay::codec::ithc
