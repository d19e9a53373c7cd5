#include "prove/log_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace assay::prove {

namespace {

constexpr std::size_t bundle_octets_max = tile_width * (entry_octets_max + 2);

void sync_folder(const std::filesystem::path& folder) {
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return;
    ::fsync(handle);
    ::close(handle);
}

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(file, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

unsigned partial_width(std::uint64_t size, std::uint64_t number) {
    const auto rest = size - number * tile_width;
    return rest >= tile_width ? 0 : static_cast<unsigned>(rest);
}

}  // namespace

base::Result<void> write_file(const std::string& path, std::string_view bytes) {
    const std::filesystem::path target(path);
    std::error_code failure;
    std::filesystem::create_directories(target.parent_path(), failure);
    const auto draft = path + ".new";
    // Left by a crash, or a link that somebody put there: neither is written to.
    ::unlink(draft.c_str());
    const int file =
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    const bool written = file >= 0 && write_all(file, bytes) && ::fsync(file) == 0;
    const auto problem = errno;
    if (file >= 0) ::close(file);
    if (!written || ::rename(draft.c_str(), path.c_str()) != 0) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("{} cannot be written: {}", path,
                                      std::strerror(written ? errno : problem)));
    }
    sync_folder(target.parent_path());
    return {};
}

base::Result<std::string> read_file(const std::string& path, std::size_t octets_max) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("{} cannot be read: {}", path, std::strerror(errno)));
    }
    std::string out;
    std::array<char, 65'536> part{};
    while (file.read(part.data(), part.size()) || file.gcount() > 0) {
        out.append(part.data(), static_cast<std::size_t>(file.gcount()));
        if (out.size() > octets_max)
            return base::fail(base::ErrorKind::limit,
                              fmt::format("{} has more than {} bytes", path, octets_max));
    }
    return out;
}

std::string tile_path(std::uint64_t number, unsigned partial) {
    std::string out = fmt::format("{:03}", number % 1000);
    for (auto rest = number / 1000; rest > 0; rest /= 1000)
        out = fmt::format("x{:03}/{}", rest % 1000, out);
    if (partial > 0) out += fmt::format(".p/{}", partial);
    return out;
}

base::Result<std::vector<std::string>> parse_bundle(std::string_view bytes) {
    std::vector<std::string> out;
    while (!bytes.empty()) {
        const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
        const std::size_t length = bytes.size() < 2 ? 0 : octet(0) * 256u + octet(1);
        if (bytes.size() < 2 + length || bytes.size() < 2 || out.size() == tile_width) {
            return base::fail(base::ErrorKind::malformed,
                              "a bundle of log entries is cut off, or has more than 256");
        }
        out.emplace_back(bytes.substr(2, length));
        bytes.remove_prefix(2 + length);
    }
    return out;
}

std::string print_bundle(const std::vector<std::string>& entries) {
    std::string out;
    for (const auto& entry : entries) {
        out += static_cast<char>(entry.size() >> 8);
        out += static_cast<char>(entry.size() & 0xff);
        out += entry;
    }
    return out;
}

base::Result<LogDirectory> LogDirectory::open(const std::string& folder) {
    LogDirectory out;
    out.folder_ = folder;
    const auto path = folder + "/checkpoint";
    if (!std::filesystem::exists(path)) return out;
    ASSAY_TRY(const auto text, read_file(path, note_octets_max));
    ASSAY_TRY(auto note, parse_note(text));
    ASSAY_TRY(const auto checkpoint, parse_checkpoint(note.text));
    for (std::uint64_t number = 0; number * tile_width < checkpoint.size; ++number) {
        const auto bundle = fmt::format("{}/tile/entries/{}", folder,
                                        tile_path(number, partial_width(checkpoint.size, number)));
        ASSAY_TRY(const auto bytes, read_file(bundle, bundle_octets_max));
        ASSAY_TRY(auto entries, parse_bundle(bytes));
        if (entries.size() !=
            std::min<std::uint64_t>(tile_width, checkpoint.size - number * tile_width)) {
            return base::fail(base::ErrorKind::malformed,
                              bundle + " has another number of entries than its name says");
        }
        for (auto& entry : entries) {
            out.tree_.append(leaf_hash(entry));
            out.entries_.push_back(std::move(entry));
        }
    }
    if (out.size() != checkpoint.size || out.tree_.root(out.size()) != checkpoint.root) {
        return base::fail(base::ErrorKind::malformed,
                          fmt::format("the log in {} does not fit its checkpoint: it was changed, "
                                      "or files are missing",
                                      folder));
    }
    out.checkpoint_ = std::move(note);
    return out;
}

base::Result<void> LogDirectory::append(std::uint64_t from,
                                        const std::vector<std::string>& entries) {
    if (from > size())
        return base::fail(base::ErrorKind::usage, "entries of the log are missing in between");
    const auto before = size();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto index = from + i;
        if (entries[i].size() > entry_octets_max)
            return base::fail(base::ErrorKind::limit, "an entry of the log is longer than 64 kB");
        if (index < before) {
            if (entries_[index] == entries[i]) continue;
            return base::fail(
                base::ErrorKind::conflict,
                fmt::format("entry {} of the log is there already, and is another", index));
        }
        tree_.append(leaf_hash(entries[i]));
        entries_.push_back(entries[i]);
    }
    if (size() == before) return {};
    if (auto written = write_bundles(before); !written) return written;
    return write_tiles(before);
}

base::Result<void> LogDirectory::write_bundles(std::uint64_t from) const {
    for (auto number = from / tile_width; number * tile_width < size(); ++number) {
        const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(number * tile_width);
        const auto count = std::min<std::uint64_t>(tile_width, size() - number * tile_width);
        const std::vector<std::string> bundle(begin, begin + static_cast<std::ptrdiff_t>(count));
        auto written = write_file(fmt::format("{}/tile/entries/{}", folder_,
                                              tile_path(number, partial_width(size(), number))),
                                  print_bundle(bundle));
        if (!written) return written;
    }
    return {};
}

// Level l has the hashes of complete subtrees of 256^l leaves.
base::Result<void> LogDirectory::write_tiles(std::uint64_t from) const {
    for (unsigned level = 0;; ++level) {
        const auto width = size() >> (8 * level), old = from >> (8 * level);
        if (width == 0) return {};
        for (auto number = old / tile_width; number * tile_width < width; ++number) {
            const auto count = std::min<std::uint64_t>(tile_width, width - number * tile_width);
            std::string bytes;
            for (std::uint64_t i = 0; i < count; ++i) {
                const auto& hash = tree_.node(8 * level, number * tile_width + i);
                bytes.append(reinterpret_cast<const char*>(hash.data()), hash.size());
            }
            auto written = write_file(fmt::format("{}/tile/{}/{}", folder_, level,
                                                  tile_path(number, partial_width(width, number))),
                                      bytes);
            if (!written) return written;
        }
    }
}

base::Result<Note> LogDirectory::sign_checkpoint(std::string_view origin,
                                                 const crypto::PrivateKey& key) const {
    Note out;
    out.text = print(Checkpoint{std::string(origin), size(), tree_.root(size())});
    ASSAY_TRY(auto signature, sign_note(out.text, origin, key));
    out.signatures.push_back(std::move(signature));
    return out;
}

base::Result<void> LogDirectory::publish(const Note& checkpoint) {
    auto written = write_file(folder_ + "/checkpoint", print(checkpoint));
    if (written) checkpoint_ = checkpoint;
    return written;
}

}  // namespace assay::prove
