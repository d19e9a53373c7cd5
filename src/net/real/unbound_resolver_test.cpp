#include "net/real/unbound_resolver.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "net/fake/loopback_server.hpp"
#include "net/fake/run_task.hpp"

namespace assay::net {

namespace {

using Query = LoopbackServer::Query;

// Has a TXT record at every name.
void answer_texts(LoopbackServer& server, const Query& query) {
    std::vector<dns::Record> records;
    if (query.message.question_type == dns::Type::TXT)
        records.push_back({query.message.question, 60, dns::Txt{{"hello"}}});
    server.reply(query, encode(response_to(query, records)));
}

base::Result<AnswerPtr> ask(UnboundOptions options, std::string_view name,
                            LoopbackServer::Behave behave = answer_texts) {
    boost::asio::io_context io(1);
    LoopbackServer server(io, std::move(behave));
    options.forwarders = {server.address()};
    auto resolver = UnboundResolver::create(io.get_executor(), options).value();
    return run_task(io, resolver->resolve(dns::parse_name(name).value(), dns::Type::TXT));
}

}  // namespace

TEST_CASE("what the resolver says of reserved names is what is reported") {
    UnboundOptions options;
    options.validate = false;
    for (const auto* name :
         {"a.test", "a.invalid", "a.home.arpa", "a.onion", "a.localhost", "1.0.0.10.in-addr.arpa",
          "1.0.168.192.in-addr.arpa", "1.0.0.127.in-addr.arpa", "a.8.b.d.0.1.0.0.2.ip6.arpa"}) {
        CAPTURE(name);
        const auto answer = ask(options, name);
        REQUIRE(answer);
        CHECK((*answer)->records.size() == 1);
    }
}

TEST_CASE("a name that no trust anchor covers is indeterminate, not insecure") {
    const auto file = std::filesystem::temp_directory_path() / "assay-anchor-test.key";
    std::ofstream(file) << "; ours\ninside.example. IN DS 1 13 2 " << std::string(64, '0') << '\n';
    UnboundOptions options;
    options.trust_anchor = file.string();
    const auto answer = ask(options, "outside.example");
    std::filesystem::remove(file);
    REQUIRE(answer);
    CHECK((*answer)->records.size() == 1);
    CHECK((*answer)->security == dns::Security::indeterminate);
    CHECK((*answer)->security_reason == "no trust anchor covers the name");
}

TEST_CASE("a referral from the resolver is no absence") {
    UnboundOptions options;
    options.validate = false;
    options.timeout = std::chrono::milliseconds(1000);
    const auto refer = [](bool alias) {
        return [alias](LoopbackServer& server, const Query& query) {
            auto message = response_to(query, {});
            message.header.recursion_available = false;
            message.authority = {dns::parse_record("example. 60 IN NS ns.example.").value()};
            if (alias && query.message.question.first_label() == "a")
                message.answer = {dns::parse_record("a.example. 60 IN CNAME b.example.").value()};
            server.reply(query, encode(message));
        };
    };
    const auto plain = ask(options, "a.example", refer(false));
    REQUIRE(!plain);
    CHECK(plain.error().detail.contains("does not recurse"));
    const auto alias = ask(options, "a.example", refer(true));
    CHECK((!alias || (*alias)->broken));
}

TEST_CASE("a resolver's address is read as users write it, or refused") {
    CHECK(parse_forwarder("192.0.2.53").value() == "192.0.2.53");
    CHECK(parse_forwarder("192.0.2.53:5353").value() == "192.0.2.53@5353");
    CHECK(parse_forwarder("2001:db8::53").value() == "2001:db8::53");
    CHECK(parse_forwarder("[2001:db8::53]").value() == "2001:db8::53");
    CHECK(parse_forwarder("[2001:db8::53]:5353").value() == "2001:db8::53@5353");
    for (const auto* wrong :
         {"", "[", "[]", "[]:53", "[::1", "[::1:53", "[::1]x", "[::1]53", "[::1]:", "[::1]:0",
          "[127.0.0.1]", "[127.0.0.1]x", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
          "127.0.0.1:x", ":53", "dns.example", "127.0.0.1@53"}) {
        CAPTURE(wrong);
        REQUIRE(!parse_forwarder(wrong));
        CHECK(parse_forwarder(wrong).error().detail.contains("is not a resolver address"));
    }
}

}  // namespace assay::net
