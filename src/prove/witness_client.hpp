// The log's side of C2SP tlog-witness: asks a witness for its signature on a checkpoint.
#pragma once

#include <functional>

#include "prove/witness.hpp"

namespace assay::prove {

// Carries one request body to the witness.
using AskWitness = std::function<base::Result<WitnessAnswer>(const std::string& body)>;

// Finds out which size the witness saw last, and proves that `checkpoint` continues it. `tree` is
// the log's, of at least the checkpoint's size. Errors: those of `ask`; refused (the witness said
// no), conflict (it saw another history), malformed (its answer is none).
base::Result<NoteSignature> request_cosignature(const Tree& tree, const Note& checkpoint,
                                                const Verifier& witness, const AskWitness& ask);

// The line of this witness in its answer, if it is valid for the checkpoint's text.
std::optional<NoteSignature> find_cosignature(std::string_view text, std::string_view answer,
                                              const Verifier& witness);

}  // namespace assay::prove
