#include "check/tls_rpt/common.hpp"

namespace assay::check {

std::optional<codec::tls_rpt::Record> read_record(const fact::TextPolicy& found) {
    if (!found.records.has_value() || found.records->size() != 1) return std::nullopt;
    return codec::tls_rpt::lint(found.records->front()).record;
}

}  // namespace assay::check
