#include "net/real/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "base/text.hpp"

namespace assay::net {

namespace {

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;

constexpr auto no_throw = asio::as_tuple(use_task);

using Bytes = std::vector<std::uint8_t>;

// Of an answer without records, NOERROR. RFC 2308 section 2: the SOA record of the last name's zone
// makes "no such records" of it. Without SOA and NS records it says the same when a resolver that
// recurses sends it, as many small ones do.
Ending ending_of(const dns::Message& message, const dns::Name& last, bool alias) {
    bool servers = false;
    for (const auto& record : message.authority) {
        if (record.type() == dns::Type::SOA && last.is_at_or_below(record.name))
            return Ending::told;
        servers |= record.type() == dns::Type::NS;
    }
    if (alias) return Ending::alias_only;
    return servers || !message.header.recursion_available ? Ending::referral : Ending::told;
}

}  // namespace

base::Error unreachable(const std::string& address, const boost::system::error_code& failure) {
    const bool refused = failure == asio::error::connection_refused;
    return {refused ? base::ErrorKind::refused : base::ErrorKind::unreachable,
            fmt::format("{}: {}", address, failure.message())};
}

bool answers(const dns::Message& message, const dns::Header& query, const dns::Name& name,
             dns::Type type) {
    const auto& header = message.header;
    if (!header.response || header.opcode != query.opcode || header.id != query.id) return false;
    return !message.has_question || (message.question == name && message.question_type == type);
}

bool may_lack_edns(const dns::Message& message, dns::Edns asked_with) {
    const auto rcode = message.header.rcode;
    return asked_with != dns::Edns::none &&
           (rcode == dns::Rcode::format_error || rcode == dns::Rcode::not_implemented);
}

Task<Reply> over_tcp(asio::ip::tcp::endpoint server, std::string address, dns::Header header,
                     dns::Name name, dns::Type type, dns::Edns edns) {
    const auto executor = co_await asio::this_coro::executor;
    asio::ip::tcp::socket socket(executor);
    if (const auto [error] = co_await socket.async_connect(server, no_throw); error) {
        co_return std::unexpected(unreachable(address, error));
    }
    Bytes query = dns::encode_query(header, name, type, edns);
    const std::array<std::uint8_t, 2> length{static_cast<std::uint8_t>(query.size() >> 8),
                                             static_cast<std::uint8_t>(query.size())};
    query.insert(query.begin(), length.begin(), length.end());
    if (const auto [error, sent] =
            co_await asio::async_write(socket, asio::buffer(query), no_throw);
        error) {
        co_return std::unexpected(unreachable(address, error));
    }
    std::array<std::uint8_t, 2> size{};
    if (const auto [error, got] = co_await asio::async_read(socket, asio::buffer(size), no_throw);
        error) {
        co_return std::unexpected(unreachable(address, error));
    }
    Bytes reply(static_cast<std::size_t>(size[0]) << 8 | size[1]);
    if (const auto [error, got] = co_await asio::async_read(socket, asio::buffer(reply), no_throw);
        error) {
        co_return std::unexpected(unreachable(address, error));
    }
    auto message = dns::decode_message(reply);
    if (!message || !answers(*message, header, name, type)) {
        co_return base::fail(base::ErrorKind::malformed,
                             address + " answered with something else over TCP");
    }
    if (message->header.truncated) {
        co_return base::fail(base::ErrorKind::malformed,
                             address + " sent a truncated answer over TCP too");
    }
    co_return *std::move(message);
}

Task<Reply> with_deadline(Task<Reply> exchange, std::chrono::steady_clock::time_point ends,
                          base::Error late) {
    asio::steady_timer timer(co_await asio::this_coro::executor, ends);
    auto first = co_await (std::move(exchange) || timer.async_wait(no_throw));
    if (first.index() == 0) co_return std::get<0>(std::move(first));
    co_return std::unexpected(std::move(late));
}

Ending read_answer(const dns::Message& message, const dns::Name& name, dns::Type type,
                   Answer& answer) {
    dns::Name at = name;
    while (type != dns::Type::CNAME && !answer.broken) {
        const auto alias = std::ranges::find_if(message.answer, [&](const dns::Record& record) {
            return record.type() == dns::Type::CNAME && record.name == at;
        });
        if (alias == message.answer.end()) break;
        const auto* cname = std::get_if<dns::Cname>(&alias->data);
        if (cname == nullptr) {
            answer.broken = base::Error{base::ErrorKind::malformed,
                                        fmt::format("the alias of {} is no name", at.text())};
        } else if (answer.aliases.size() == alias_chain_max) {
            answer.broken = base::Error{base::ErrorKind::server,
                                        fmt::format("the aliases of {} do not end after {} steps",
                                                    name.text(), alias_chain_max)};
        } else {
            answer.aliases.push_back(cname->target);
            at = cname->target;
        }
    }
    for (const auto& record : message.answer) {
        if (record.type() == type && record.name == at) answer.records.push_back(record);
    }
    answer.existence = !answer.records.empty()                          ? Existence::found
                       : message.header.rcode == dns::Rcode::name_error ? Existence::nx_domain
                                                                        : Existence::no_data;
    if (answer.broken || answer.existence != Existence::no_data) return Ending::told;
    return ending_of(message, at, at != name);
}

base::Error referral(const dns::Name& name, dns::Type type) {
    return {base::ErrorKind::server,
            fmt::format("the resolver does not recurse: for {} {} it names other servers, or "
                        "nothing (a referral)",
                        name.text(), dns::print(type))};
}

bool is_answer(dns::Rcode rcode) {
    return rcode == dns::Rcode::no_error || rcode == dns::Rcode::name_error;
}

base::ErrorKind kind_of(dns::Rcode rcode) {
    return rcode == dns::Rcode::refused ? base::ErrorKind::refused : base::ErrorKind::server;
}

std::string describe_failure(dns::Rcode rcode, const dns::Name& name, dns::Type type,
                             const dns::Message* message) {
    auto text = fmt::format("no resolver gave a usable answer; {} for {} {}", dns::print(rcode),
                            name.text(), dns::print(type));
    if (message != nullptr) {
        for (const auto& extended : message->extended_errors)
            text += "; " + extended;
    }
    return text;
}

}  // namespace assay::net
