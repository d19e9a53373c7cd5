// A witness in a folder: key.pem, vkey (its name and public key, for others), and for each log the
// checkpoint that it signed last, logs/<SHA-256 of the origin>.
#pragma once

#include "prove/witness.hpp"

namespace assay::prove {

inline constexpr std::size_t witness_logs_max = 1'000;  // ours

class WitnessFolder {
  public:
    // Makes folder and key; refuses where there are some. Error: usage.
    static base::Result<void> create(const std::string& folder, const std::string& name);
    static base::Result<WitnessFolder> open(const std::string& folder);

    Verifier verifier() const { return key_.verifier(); }

    // Answers one add-checkpoint request about the logs with these keys. Other processes on the
    // same folder wait; the new state is on the disk before this returns. What could not be read
    // or kept is an error, and nothing was signed for anyone.
    base::Result<WitnessAnswer> answer(std::string_view body, const std::vector<Verifier>& logs,
                                       base::Moment at) const;

  private:
    std::string path_of(const std::string& origin) const;
    base::Result<WitnessedLogs> load(const std::vector<Verifier>& logs) const;

    std::string folder_;
    WitnessKey key_;
};

}  // namespace assay::prove
