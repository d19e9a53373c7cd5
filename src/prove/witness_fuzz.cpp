#include "prove/witness.hpp"

#include "base/assert.hpp"
#include "prove/monitor.hpp"
#include "prove/witness_client.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto request = prove::parse_witness_request(text)) {
        ASSAY_ASSERT(print(*request) == text);
        ASSAY_ASSERT(request->proof.size() <= prove::witness_proof_hashes_max);
    }
    // The log of the seeds, whose private key nobody has kept: what it did not sign is not signed.
    static const auto key = *prove::parse_verifier(
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    static const prove::WitnessKey witness{"witness.example",
                                           *crypto::PrivateKey::generate(crypto::KeyKind::ed25519)};
    const prove::WitnessedLogs logs{{key.name, {{key}}}};
    const auto step = prove::add_checkpoint(text, logs, witness, {});
    ASSAY_ASSERT(!step.keep && step.answer.status >= 400 && step.answer.status < 500);
    ASSAY_ASSERT(!prove::find_cosignature("text\n", text, witness.verifier()));
    if (const auto state = prove::parse_monitor_state(text))
        ASSAY_ASSERT(prove::parse_monitor_state(print(*state)) == *state);
    return 0;
}
