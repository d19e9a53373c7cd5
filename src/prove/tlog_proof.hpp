// An offline proof that an entry is in a log (C2SP tlog-proof@v1).
#pragma once

#include "prove/note.hpp"

namespace assay::prove {

inline constexpr std::size_t tlog_proof_octets_max = 100'000;  // ours: an entry has 64 kB at most

struct TlogProof {
    std::string extra;  // of the application; certificate packs have none
    std::uint64_t index = 0;
    std::vector<Hash> hashes;  // from the leaf's sibling upwards
    Note checkpoint;
    bool operator==(const TlogProof&) const = default;
};

// Strict: print(*parse_tlog_proof(text)) == text. Errors: malformed, limit.
base::Result<TlogProof> parse_tlog_proof(std::string_view text);
std::string print(const TlogProof& proof);

}  // namespace assay::prove
