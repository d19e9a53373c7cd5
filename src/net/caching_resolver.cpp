#include "net/caching_resolver.hpp"

#include <boost/asio/post.hpp>

namespace assay::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t short_string_max = 15;  // what a std::string holds without a heap block

std::size_t heap(std::size_t capacity) {
    return capacity > short_string_max ? capacity + 1 : 0;
}
std::size_t heap(const std::string& text) {
    return heap(text.capacity());
}
std::size_t heap(const dns::Name& name) {
    return heap(name.wire().size());
}

// Lists of small things take many times what they take on the wire.
std::size_t heap(const dns::Rdata& rdata) {
    if (const auto* txt = std::get_if<dns::Txt>(&rdata)) {
        auto out = txt->strings.capacity() * sizeof(std::string);
        for (const auto& string : txt->strings)
            out += heap(string);
        return out;
    }
    if (const auto* https = std::get_if<dns::Https>(&rdata)) {
        auto out =
            heap(https->target) + https->parameters.capacity() * sizeof(https->parameters.front());
        for (const auto& [key, value] : https->parameters)
            out += heap(value);
        return out;
    }
    if (const auto* nsec = std::get_if<dns::Nsec>(&rdata))
        return heap(nsec->next) + nsec->types.capacity() * sizeof(dns::Type);
    return dns::encode_rdata(rdata).size();
}

}  // namespace

std::size_t octets(const Answer& answer) {
    auto out = sizeof(Answer) + heap(answer.security_reason) +
               answer.aliases.capacity() * sizeof(dns::Name) +
               answer.records.capacity() * sizeof(dns::Record);
    for (const auto& alias : answer.aliases)
        out += heap(alias);
    for (const auto& record : answer.records)
        out += heap(record.name) + heap(record.data);
    if (answer.broken) out += heap(answer.broken->detail);
    return out;
}

Task<base::Result<AnswerPtr>> CachingResolver::resolve(dns::Name name, dns::Type type) {
    const Key key(std::move(name), type);
    if (const auto found = index_.find(key); found != index_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
        co_return found->second->result;
    }
    if (const auto asked = waiting_.find(key); asked != waiting_.end()) {
        co_return co_await suspend<void(Result)>([&](auto handler) {
            asked->second.push_back([handler = std::move(handler)](Result result) mutable {
                std::move(handler)(std::move(result));
            });
        });
    }
    waiting_.try_emplace(key);
    co_await in_flight_.acquire();
    ++questions_;
    auto result = co_await inner_.resolve(key.name, key.type);
    in_flight_.release();
    keep(key, result);
    auto waiters = std::move(waiting_.extract(key).mapped());
    const auto executor = co_await asio::this_coro::executor;
    for (auto& waiter : waiters) {
        asio::post(executor,
                   [waiter = std::move(waiter), result]() mutable { waiter(std::move(result)); });
    }
    co_return result;
}

void CachingResolver::keep(const Key& key, const Result& result) {
    const auto size = sizeof(Entry) + 2 * (sizeof(Key) + heap(key.name)) +
                      (result ? octets(**result) : result.error().detail.size());
    if (size > limits_.answer_octets_max) return;
    entries_.push_front({key, result, size});
    index_.insert_or_assign(key, entries_.begin());
    octets_ += size;
    while (entries_.size() > limits_.entries_max || octets_ > limits_.octets_max) {
        octets_ -= entries_.back().octets;
        index_.erase(entries_.back().key);
        entries_.pop_back();
    }
}

}  // namespace assay::net
