// A transparency log as static files (C2SP tlog-tiles): checkpoint, tile/<L>/<N>,
// tile/entries/<N>. One writer at a time; anyone may read or copy the folder.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "prove/note.hpp"

namespace assay::prove {

inline constexpr std::size_t entry_octets_max = 65'535;  // C2SP tlog-tiles: a uint16 length
inline constexpr unsigned tile_width = 256;

// "x001/234" for 1234; with `partial` in 1..255, "x001/234.p/5".
std::string tile_path(std::uint64_t number, unsigned partial);

// A bundle of up to 256 entries, each with its length before it.
base::Result<std::vector<std::string>> parse_bundle(std::string_view bytes);
std::string print_bundle(const std::vector<std::string>& entries);

class LogDirectory {
  public:
    // Reads and hashes what is there. A checkpoint that does not fit the entries is an error:
    // somebody changed the log. Errors: usage, malformed.
    static base::Result<LogDirectory> open(const std::string& folder);

    std::uint64_t size() const { return entries_.size(); }
    const std::string& entry(std::uint64_t index) const { return entries_[index]; }
    const Tree& tree() const { return tree_; }
    const std::optional<Note>& checkpoint() const { return checkpoint_; }

    // Entries, then tiles, then the checkpoint, each on the disk before the next. After a crash,
    // appending the same again brings the log to the same state. Entries that are there already
    // must be the same: `from` <= size(). Errors: usage, limit, conflict.
    base::Result<void> append(std::uint64_t from, const std::vector<std::string>& entries);
    // Signs the present size; cosignatures may be added before it is written.
    base::Result<Note> sign_checkpoint(std::string_view origin,
                                       const crypto::PrivateKey& key) const;
    base::Result<void> publish(const Note& checkpoint);

  private:
    base::Result<void> write_bundles(std::uint64_t from) const;
    base::Result<void> write_tiles(std::uint64_t from) const;

    std::string folder_;
    std::vector<std::string> entries_;
    Tree tree_;
    std::optional<Note> checkpoint_;
};

// Whole, or not at all; on the disk when it returns. Makes folders as needed. Error: usage.
base::Result<void> write_file(const std::string& path, std::string_view bytes);
base::Result<std::string> read_file(const std::string& path, std::size_t octets_max);

}  // namespace assay::prove
