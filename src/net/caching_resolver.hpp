// A resolver in front of another: each question is asked once however many want it, at most
// `in_flight_max` at a time, and the last answers are kept for the run, within `entries_max` and
// `octets_max`. Errors are kept too: a dead server is not asked for every domain again. One object
// a thread; it has no clock, so make a new one for each run.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <unordered_map>
#include <vector>

#include "net/resolver.hpp"
#include "net/slots.hpp"

namespace assay::net {

struct CacheLimits {
    std::size_t entries_max = 20'000;        // ours: shared names stay, leaves fall out
    std::size_t octets_max = 32'000'000;     // ours: what 20,000 ordinary answers take
    std::size_t answer_octets_max = 16'000;  // ours: larger ones are rare, and hardly ever shared
    // ours: what two threads ask at once fits the receive buffer that Linux gives a resolver's
    // socket
    std::size_t in_flight_max = 100;
};

// The memory that an answer takes, as allocated, within a few octets.
std::size_t octets(const Answer& answer);

class CachingResolver : public Resolver {
  public:
    CachingResolver(Resolver& inner, CacheLimits limits)
        : inner_(inner), limits_(limits), in_flight_(limits.in_flight_max) {}

    Task<base::Result<AnswerPtr>> resolve(dns::Name name, dns::Type type) override;
    std::optional<Listing> list(const dns::Name& name) const override { return inner_.list(name); }

    std::size_t questions() const { return questions_; }  // that reached the inner resolver

  private:
    using Result = base::Result<AnswerPtr>;
    // A key is looked up many times, and a chain of a table is walked by hash.
    struct Key {
        Key(dns::Name n, dns::Type t)
            : name(std::move(n)),
              type(t),
              hash(std::hash<dns::Name>()(name) * 31 + static_cast<std::size_t>(type)) {}
        dns::Name name;
        dns::Type type;
        std::size_t hash;
        bool operator==(const Key& other) const {
            return hash == other.hash && type == other.type && name == other.name;
        }
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept { return key.hash; }
    };
    struct Entry {
        Key key;
        Result result;
        std::size_t octets;
    };

    void keep(const Key& key, const Result& result);

    Resolver& inner_;
    CacheLimits limits_;
    std::list<Entry> entries_;  // most recently used first
    std::unordered_map<Key, std::list<Entry>::iterator, KeyHash> index_;
    std::unordered_map<Key, std::vector<std::move_only_function<void(Result)>>, KeyHash> waiting_;
    Slots in_flight_;
    std::size_t octets_ = 0;  // of all entries
    std::size_t questions_ = 0;
};

}  // namespace assay::net
