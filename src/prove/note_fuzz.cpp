#include "base/assert.hpp"
#include "prove/log_directory.hpp"
#include "prove/tlog_proof.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto note = prove::parse_note(text)) {
        ASSAY_ASSERT(print(*note) == text);
        ASSAY_ASSERT(!note->signatures.empty());
        if (const auto checkpoint = prove::parse_checkpoint(note->text))
            ASSAY_ASSERT(print(*checkpoint) == note->text);
    }
    if (const auto proof = prove::parse_tlog_proof(text)) {
        ASSAY_ASSERT(print(*proof) == text);
        ASSAY_ASSERT(proof->hashes.size() <= prove::proof_hashes_max);
        (void)prove::verify_inclusion({}, proof->index, proof->index + 1, proof->hashes, {});
        (void)prove::verify_consistency(proof->index / 2, {}, proof->index, {}, proof->hashes);
    }
    if (const auto verifier = prove::parse_verifier(text)) ASSAY_ASSERT(print(*verifier) == text);
    if (const auto bundle = prove::parse_bundle(text))
        ASSAY_ASSERT(prove::print_bundle(*bundle) == text);
    return 0;
}
