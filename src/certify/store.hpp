// The port through which the compliance process is kept: whole values as JSON with the few columns
// that lists need, an audit trail, an outbox, and the entries of the public log. Everything that a
// command does stands in one transaction, so that after a crash all of it is there or nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "certify/model.hpp"

namespace assay::certify {

enum class Kind { person, organisation, application, certificate, incident };

struct Row {
    std::string id, organisation, state;
    std::uint64_t version = 0;  // 0: new; else as it was read
    std::string json;
};

// The value that a row holds. Error: internal, as only this program writes rows.
template <class T>
base::Result<T> value_of(const Row& row, std::string_view what) {
    boost::system::error_code failure;
    const auto value = json::parse(row.json, failure);
    if (failure) {
        return base::fail(base::ErrorKind::internal,
                          fmt::format("the stored {} '{}' is not JSON", what, row.id));
    }
    auto read = from_json<T>(value, what);
    if (!read) return base::fail(base::ErrorKind::internal, read.error().detail);
    return read;
}

struct Filter {
    std::optional<std::string> organisation, state;
};

// A message that was not sent, with what has become of it so far.
struct Waiting {
    Message message;
    base::Moment not_before{};  // the next try
    std::uint64_t tries = 0;    // that failed
    std::string problem;        // of the last one
    bool operator==(const Waiting&) const = default;
};

// Lives on one thread. Errors: conflict (somebody else saved first, or holds the store too long),
// server (the database failed), internal.
class Transaction {
  public:
    virtual ~Transaction() = default;  // without commit(), nothing happened

    virtual base::Result<std::optional<Row>> find(Kind kind, std::string_view id) = 0;
    virtual base::Result<std::vector<Row>> list(Kind kind, const Filter& filter) = 0;
    virtual base::Result<void> save(Kind kind, const Row& row) = 0;

    // The audit trail. Events of a stream are numbered from 1; a number twice is a conflict.
    virtual base::Result<std::vector<Event>> events(std::string_view stream) = 0;
    virtual base::Result<std::optional<Event>> last_event(std::string_view stream) = 0;
    virtual base::Result<void> append(const Event& event) = 0;

    // Frozen texts by their SHA-256: submissions. Kept for ever, never changed.
    virtual base::Result<void> keep(std::string_view sha256, std::string_view text) = 0;
    virtual base::Result<std::optional<std::string>> kept(std::string_view sha256) = 0;

    // The outbox. A key that was there before changes nothing.
    virtual base::Result<void> post(const Message& message) = 0;
    // Those not sent that are to be tried at `until` or before, by that time.
    virtual base::Result<std::vector<Waiting>> waiting(base::Moment until, std::size_t max) = 0;
    virtual base::Result<void> mark_sent(std::string_view key, base::Moment at) = 0;
    virtual base::Result<void> postpone(std::string_view key, base::Moment until,
                                        std::string_view reason) = 0;

    // The public log, before it is published as files. Indexes are given without gaps, from 0.
    // Error: limit (prove::entry_octets_max), as the files could not hold a longer entry.
    virtual base::Result<std::uint64_t> log_size() = 0;
    virtual base::Result<std::uint64_t> append_entry(std::string_view entry) = 0;
    virtual base::Result<std::vector<std::string>> entries(std::uint64_t from, std::size_t max) = 0;

    // A place in the status list, given to one certificate for ever. False: it is taken.
    virtual base::Result<bool> claim_status(std::uint64_t index, std::string_view certificate) = 0;
    // The next number of a series: "PSN-2026".
    virtual base::Result<std::uint64_t> next_number(std::string_view series) = 0;

    virtual base::Result<void> commit() = 0;
};

class Store {
  public:
    virtual ~Store() = default;
    // One writer at a time; the others wait a few seconds, then get a conflict.
    virtual base::Result<std::unique_ptr<Transaction>> read() = 0;
    virtual base::Result<std::unique_ptr<Transaction>> write() = 0;
};

}  // namespace assay::certify
