// The last step of every reader: a finding is cleaned, bounded, rated, counted and handed over.
#pragma once

#include "codec/ithc/options.hpp"

namespace assay::codec::ithc {

class Emitter {
  public:
    Emitter(const Options& options, Sink sink) : options_(options), sink_(std::move(sink)) {}

    // A finding without id and title is counted as skipped. `html`: its prose is HTML.
    base::Result<void> emit(Finding finding, bool html = false);
    Summary& summary() { return summary_; }
    const Options& options() const { return options_; }

  private:
    void tidy(std::string& text, std::size_t length_max);
    void tidy(std::vector<std::string>& list);

    Options options_;
    Sink sink_;
    Summary summary_;
};

}  // namespace assay::codec::ithc
