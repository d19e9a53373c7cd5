// A witness of transparency logs (C2SP tlog-witness, add-checkpoint): it signs a checkpoint of a
// log only if that is consistent with the last one that it signed. Values in, values out; the state
// is kept by witness_folder.hpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "prove/note.hpp"

namespace assay::prove {

inline constexpr std::size_t witness_request_octets_max = 65'536;  // ours: one has some 3 kB
inline constexpr std::size_t witness_proof_hashes_max = 63;        // C2SP tlog-witness
inline constexpr std::string_view size_content_type = "text/x.tlog.size";

// "old N", a line for each hash of the consistency proof, an empty line, the checkpoint.
struct WitnessRequest {
    std::uint64_t old_size = 0;  // of the last checkpoint that the witness signed
    std::vector<Hash> proof;
    Note checkpoint;
    bool operator==(const WitnessRequest&) const = default;
};
// Strict: print(*parse_witness_request(text)) == text. Errors: malformed, limit.
base::Result<WitnessRequest> parse_witness_request(std::string_view text);
std::string print(const WitnessRequest& request);

// What a witness knows of one log: its keys, and the tree that it signed last.
struct WitnessedLog {
    std::vector<Verifier> keys;
    std::uint64_t size = 0;
    Hash root = crypto::sha256(std::string_view());  // of the empty tree
};
using WitnessedLogs = std::map<std::string, WitnessedLog>;  // by origin

struct WitnessKey {
    std::string name;
    crypto::PrivateKey key;  // Ed25519
    Verifier verifier() const { return {name, NoteKind::cosignature, key.public_key()}; }
};

struct WitnessAnswer {
    unsigned status = 0;  // of HTTP
    std::string content_type, body;
    bool operator==(const WitnessAnswer&) const = default;
};

// The answer, and what must be on the disk before the answer leaves: the checkpoint with the
// signatures of log and witness.
struct WitnessStep {
    WitnessAnswer answer;
    std::optional<Note> keep;
};

// 200 and a cosignature/v1 line; 400 not a request, or the old size is above the new one; 404 the
// log is not known; 403 none of its keys signed; 409 the old size is another (the body says which,
// as size_content_type), or the same size has another root; 422 the proof is wrong.
WitnessStep add_checkpoint(std::string_view body, const WitnessedLogs& logs,
                           const WitnessKey& witness, base::Moment at);

// The head of a checkpoint that may have extension lines (C2SP tlog-checkpoint): a witness says
// nothing about them. Error: malformed.
base::Result<Checkpoint> parse_checkpoint_head(std::string_view text);

}  // namespace assay::prove
