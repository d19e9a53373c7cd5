#include "codec/ithc/reader.hpp"

#include <cstdint>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "codec/ithc/findings_csv.hpp"

// Whatever the bytes: findings are bounded UTF-8, what a tool reported gives the level, keys do
// not depend on how the file was cut, and every finding can be exported.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    using namespace codec::ithc;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::vector<std::string> keys;
    const auto whole = read_text(text, {}, [&](Finding finding) -> base::Result<void> {
        ASSAY_ASSERT(!finding.title.empty() || !finding.tool_id.empty());
        ASSAY_ASSERT(finding.description.size() <= text_length_max);
        ASSAY_ASSERT(finding.evidence.size() <= evidence_length_max);
        for (const auto* part : {&finding.title, &finding.description, &finding.evidence,
                                 &finding.reported.text, &finding.asset.url})
            ASSAY_ASSERT(base::is_utf8(*part));
        ASSAY_ASSERT(finding.disagreement != finding.disagreement_detail.empty());
        if (finding.severity != Severity::unknown) {
            const auto& reported = finding.reported;
            ASSAY_ASSERT(!reported.text.empty() || !reported.number.empty() ||
                         !reported.risk_factor.empty() || !finding.cvss2.score.empty() ||
                         !finding.cvss3.score.empty() || !finding.cvss4.score.empty());
        }
        const auto key = identity_key(finding);
        ASSAY_ASSERT(key == identity_key(finding) && key.starts_with("finding|"));
        ASSAY_ASSERT(key.find_first_of("\r\n") == std::string::npos);
        ASSAY_ASSERT(!print_csv_row(finding).empty());
        keys.push_back(key);
        return {};
    });
    if (whole) ASSAY_ASSERT(whole->findings == keys.size() && whole->bytes == size);
    std::size_t next = 0;
    Reader reader({}, [&](Finding finding) -> base::Result<void> {
        ASSAY_ASSERT(next < keys.size() && identity_key(finding) == keys[next]);
        ++next;
        return {};
    });
    base::Result<void> done;
    for (std::size_t at = 0; done && at < size; at += 7)
        done = reader.feed(text.substr(at, 7));
    if (!done) {
        ASSAY_ASSERT(!whole);
        return 0;
    }
    const auto pieces = reader.finish();
    ASSAY_ASSERT(pieces.has_value() == whole.has_value());
    if (whole) ASSAY_ASSERT(next == keys.size());
    return 0;
}
