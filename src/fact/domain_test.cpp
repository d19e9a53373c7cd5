#include "fact/domain.hpp"

#include <doctest/doctest.h>

namespace assay::fact {

namespace {

const auto no_mx = Observed<std::vector<std::string>>();
const Observed<std::vector<std::string>> null_mx = std::vector<std::string>{"."};
const Observed<std::vector<std::string>> servers = std::vector<std::string>{"mx.example.net"};
const base::Error timeout{base::ErrorKind::timeout, "no answer"};

Domain domain(const Observed<std::vector<std::string>>& mx, const Observed<std::string>& spf) {
    Domain out;
    out.mx.emplace();
    if (mx.is_error()) out.mx->hosts = mx.error();
    if (mx.has_value()) {
        std::vector<MxHost> hosts;
        for (const auto& name : *mx) {
            hosts.emplace_back();
            hosts.back().host.name = dns::parse_name(name).value();
        }
        out.mx->hosts = std::move(hosts);
    }
    out.spf.emplace().nodes.emplace_back();
    out.spf->nodes.front().record = spf;
    return out;
}

}  // namespace

TEST_CASE("a domain is parked where no mail goes in and none out") {
    const Observed<std::string> none, nothing_sends(std::string("v=spf1 -all")),
        sends(std::string("v=spf1 mx -all")), failed(timeout);
    CHECK(is_parked(domain(null_mx, nothing_sends)) == true);
    CHECK(is_parked(domain(no_mx, nothing_sends)) == true);
    CHECK(is_parked(domain(null_mx, none)) == true);
    CHECK(is_parked(domain(no_mx, none)) == false);
    CHECK(is_parked(domain(null_mx, sends)) == false);
    CHECK(is_parked(domain(servers, nothing_sends)) == false);
    CHECK(is_parked(domain(servers, none)) == false);
    CHECK(is_parked(domain(null_mx, failed)) == std::nullopt);
    CHECK(is_parked(domain(timeout, none)) == std::nullopt);
    CHECK(is_parked(domain(timeout, nothing_sends)) == std::nullopt);
    CHECK(is_parked(domain(servers, failed)) == false);
    CHECK(is_parked(Domain()) == std::nullopt);
}

TEST_CASE("a domain that signs mail is not parked by a null MX alone") {
    const Observed<std::string> none, nothing_sends(std::string("v=spf1 -all"));
    const auto with_key = [](Domain out, std::string_view text) {
        Selector selector;
        selector.name = "s1";
        selector.records = std::vector<std::string>{std::string(text)};
        out.dkim.emplace().selectors.push_back(std::move(selector));
        return out;
    };
    constexpr std::string_view live =
        "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    CHECK(is_parked(with_key(domain(null_mx, none), live)) == false);
    CHECK(is_parked(with_key(domain(null_mx, none), "v=DKIM1; p=")) == true);
    CHECK(is_parked(with_key(domain(null_mx, none), "service=code")) == true);
    CHECK(is_parked(with_key(domain(null_mx, nothing_sends), live)) == true);
    CHECK(is_parked(with_key(domain(no_mx, nothing_sends), live)) == true);
}

}  // namespace assay::fact
