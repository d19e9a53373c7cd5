#include "codec/dmarc/discovery.hpp"

#include <doctest/doctest.h>

namespace assay::codec::dmarc {

namespace {

using Source = Discovery::Source;

dns::Name name(std::string_view text) {
    return dns::parse_domain(text).value();
}

std::vector<std::string> texts(const std::vector<dns::Name>& names) {
    std::vector<std::string> out;
    for (const auto& item : names)
        out.push_back(item.text());
    return out;
}

struct Txt {
    std::string_view domain;  // the record stands at "_dmarc." below it
    std::string_view text;    // "fails": the query does; "|" separates several records
};

struct Row {
    std::string_view what;
    std::string_view start;
    std::vector<Txt> zone;
    bool exists;
    std::string_view policy_domain;  // empty: none
    Source source;
    std::string_view policy;        // empty: none
    std::string_view organization;  // empty: open
    bool known = true;
};

std::vector<Step> walk(const Row& row) {
    std::vector<Step> steps;
    for (const auto& domain : walk_names(name(row.start))) {
        Step step{domain, StepState::absent, std::nullopt};
        for (const auto& txt : row.zone) {
            if (name(txt.domain) != domain) continue;
            std::vector<std::string> records;
            for (auto rest = txt.text; !rest.empty();) {
                const auto bar = std::min(rest.find('|'), rest.size());
                records.emplace_back(rest.substr(0, bar));
                rest.remove_prefix(std::min(bar + 1, rest.size()));
            }
            step = read_step(domain, records);
            if (txt.text == "fails") step.state = StepState::unknown;
        }
        steps.push_back(std::move(step));
    }
    return steps;
}

constexpr std::string_view reject = "v=DMARC1; p=reject";
constexpr std::string_view reject_sp_none = "v=DMARC1; p=reject; sp=none; np=quarantine";
constexpr std::string_view deep = "a.b.c.d.e.f.g.h.i.example.gov.uk";  // 12 labels

const Row rows[] = {
    // The author domain.
    {"a domain with a record of its own",
     "example.com",
     {{"example.com", reject}},
     true,
     "example.com",
     Source::author_domain,
     "reject",
     "example.com"},
    {"no record anywhere", "www.example.com", {}, true, "", Source::none, "", "www.example.com"},
    {"its own record takes p, not sp",
     "example.com",
     {{"example.com", reject_sp_none}},
     true,
     "example.com",
     Source::author_domain,
     "reject",
     "example.com"},
    {"its own record takes p even if the name does not exist",
     "example.com",
     {{"example.com", reject_sp_none}},
     false,
     "example.com",
     Source::author_domain,
     "reject",
     "example.com"},
    {"a subdomain's own record goes before the one above, which is the organisation",
     "mail.example.com",
     {{"mail.example.com", "v=DMARC1; p=none"}, {"example.com", reject}},
     true,
     "mail.example.com",
     Source::author_domain,
     "none",
     "example.com"},
    // Inheriting.
    {"a subdomain inherits sp",
     "mail.example.com",
     {{"example.com", reject_sp_none}},
     true,
     "example.com",
     Source::organizational_domain,
     "none",
     "example.com"},
    {"a subdomain inherits p when there is no sp",
     "mail.example.com",
     {{"example.com", reject}},
     true,
     "example.com",
     Source::organizational_domain,
     "reject",
     "example.com"},
    {"a name that does not exist inherits np",
     "none.example.com",
     {{"example.com", reject_sp_none}},
     false,
     "example.com",
     Source::organizational_domain,
     "quarantine",
     "example.com"},
    {"np absent falls back to sp",
     "none.example.com",
     {{"example.com", "v=DMARC1; p=reject; sp=none"}},
     false,
     "example.com",
     Source::organizational_domain,
     "none",
     "example.com"},
    {"np and sp absent fall back to p",
     "none.example.com",
     {{"example.com", reject}},
     false,
     "example.com",
     Source::organizational_domain,
     "reject",
     "example.com"},
    {"np does not hold for names that exist",
     "mail.example.com",
     {{"example.com", "v=DMARC1; p=none; np=reject"}},
     true,
     "example.com",
     Source::organizational_domain,
     "none",
     "example.com"},
    {"of two records above, the one with the fewest labels is the organisation and holds",
     "a.mail.example.com",
     {{"mail.example.com", "v=DMARC1; p=reject"},
      {"example.com", "v=DMARC1; p=none; sp=quarantine"}},
     true,
     "example.com",
     Source::organizational_domain,
     "quarantine",
     "example.com"},
    // A public suffix without psd: it becomes the organisation of everybody below it.
    {"a suffix without psd is the organisational domain of its tenants",
     "example.gov.uk",
     {{"example.gov.uk", "v=DMARC1; p=quarantine"},
      {"gov.uk", "v=DMARC1; p=reject; sp=none; np=reject"}},
     true,
     "example.gov.uk",
     Source::author_domain,
     "quarantine",
     "gov.uk"},
    {"a tenant without a record inherits sp of the suffix",
     "example.gov.uk",
     {{"gov.uk", "v=DMARC1; p=reject; sp=none; np=reject"}},
     true,
     "gov.uk",
     Source::organizational_domain,
     "none",
     "gov.uk"},
    {"a tenant that does not exist inherits np of the suffix",
     "nobody.gov.uk",
     {{"gov.uk", "v=DMARC1; p=reject; sp=none; np=reject"}},
     false,
     "gov.uk",
     Source::organizational_domain,
     "reject",
     "gov.uk"},
    {"without psd a tenant's subdomain gets the suffix's sp, not the tenant's",
     "www.example.gov.uk",
     {{"example.gov.uk", reject}, {"gov.uk", "v=DMARC1; p=reject; sp=none"}},
     true,
     "gov.uk",
     Source::organizational_domain,
     "none",
     "gov.uk"},
    // With psd=y.
    {"psd=y above makes the tenant the organisation",
     "example.gov.uk",
     {{"example.gov.uk", "v=DMARC1; p=quarantine"}, {"gov.uk", "v=DMARC1; p=reject; psd=y"}},
     true,
     "example.gov.uk",
     Source::author_domain,
     "quarantine",
     "example.gov.uk"},
    {"a tenant without a record takes the policy of the suffix with psd=y",
     "example.gov.uk",
     {{"gov.uk", "v=DMARC1; p=reject; sp=none; psd=y"}},
     true,
     "gov.uk",
     Source::public_suffix_domain,
     "none",
     "example.gov.uk"},
    {"a tenant that does not exist takes np of the suffix with psd=y",
     "nobody.gov.uk",
     {{"gov.uk", "v=DMARC1; p=none; np=reject; psd=y"}},
     false,
     "gov.uk",
     Source::public_suffix_domain,
     "reject",
     "nobody.gov.uk"},
    {"below psd=y a subdomain inherits from the tenant",
     "www.example.gov.uk",
     {{"example.gov.uk", reject_sp_none}, {"gov.uk", "v=DMARC1; p=reject; psd=y"}},
     true,
     "example.gov.uk",
     Source::organizational_domain,
     "none",
     "example.gov.uk"},
    {"below psd=y a subdomain of a tenant without a record takes the suffix's policy",
     "www.example.gov.uk",
     {{"gov.uk", "v=DMARC1; p=reject; psd=y"}},
     true,
     "gov.uk",
     Source::public_suffix_domain,
     "reject",
     "example.gov.uk"},
    {"a record between start and organisation does not hold",
     "a.b.example.gov.uk",
     {{"b.example.gov.uk", "v=DMARC1; p=none"}, {"gov.uk", "v=DMARC1; p=reject; psd=y"}},
     true,
     "gov.uk",
     Source::public_suffix_domain,
     "reject",
     "example.gov.uk"},
    {"psd=y stops the walk: what is above does not count",
     "example.gov.uk",
     {{"gov.uk", "v=DMARC1; p=none; psd=y"}, {"uk", "v=DMARC1; p=reject"}},
     true,
     "gov.uk",
     Source::public_suffix_domain,
     "none",
     "example.gov.uk"},
    {"psd=y at the top level",
     "example.com",
     {{"com", "v=DMARC1; p=none; psd=y"}},
     true,
     "com",
     Source::public_suffix_domain,
     "none",
     "example.com"},
    {"psd=y at the start itself does not name a domain below",
     "gov.uk",
     {{"gov.uk", "v=DMARC1; p=reject; sp=none; psd=y"}, {"uk", "v=DMARC1; p=none"}},
     true,
     "gov.uk",
     Source::author_domain,
     "reject",
     "gov.uk"},
    // psd=n.
    {"psd=n on the tenant makes it the organisation",
     "example.gov.uk",
     {{"example.gov.uk", "v=DMARC1; p=quarantine; psd=n"}, {"gov.uk", "v=DMARC1; p=reject"}},
     true,
     "example.gov.uk",
     Source::author_domain,
     "quarantine",
     "example.gov.uk"},
    {"psd=n on the tenant holds for its subdomains",
     "www.example.gov.uk",
     {{"example.gov.uk", "v=DMARC1; p=reject; psd=n"}, {"gov.uk", "v=DMARC1; p=reject; sp=none"}},
     true,
     "example.gov.uk",
     Source::organizational_domain,
     "reject",
     "example.gov.uk"},
    {"psd=n stops the walk before psd=y",
     "a.mail.example.com",
     {{"mail.example.com", "v=DMARC1; p=none; psd=n"}, {"com", "v=DMARC1; p=reject; psd=y"}},
     true,
     "mail.example.com",
     Source::organizational_domain,
     "none",
     "mail.example.com"},
    // Several records at a name are none.
    {"several records at the start are discarded",
     "mail.example.com",
     {{"mail.example.com", "v=DMARC1; p=none|v=DMARC1; p=none"}, {"example.com", reject}},
     true,
     "example.com",
     Source::organizational_domain,
     "reject",
     "example.com"},
    {"several records above are discarded, with their psd",
     "www.example.gov.uk",
     {{"example.gov.uk", "v=DMARC1; p=none; psd=n|v=DMARC1; p=none; psd=n"},
      {"gov.uk", "v=DMARC1; p=reject"}},
     true,
     "gov.uk",
     Source::organizational_domain,
     "reject",
     "gov.uk"},
    {"other texts beside the one record do not matter",
     "example.com",
     {{"example.com", "hello|v=DMARC1; p=reject|v=dmarc1; p=none"}},
     true,
     "example.com",
     Source::author_domain,
     "reject",
     "example.com"},
    // Records that no receiver applies.
    {"an unusable record means no DMARC, and hides what is above",
     "mail.example.com",
     {{"mail.example.com", "v=DMARC1; p=x"}, {"example.com", reject}},
     true,
     "",
     Source::none,
     "",
     "example.com"},
    {"an unusable record above means no DMARC",
     "mail.example.com",
     {{"example.com", "v=DMARC1; sp=x"}},
     true,
     "",
     Source::none,
     "",
     "example.com"},
    {"an unusable record stops the walk by its psd",
     "www.example.gov.uk",
     {{"example.gov.uk", "v=DMARC1; psd=n"}, {"gov.uk", reject}},
     true,
     "",
     Source::none,
     "",
     "example.gov.uk"},
    {"an invalid policy with a valid rua counts as none",
     "mail.example.com",
     {{"example.com", "v=DMARC1; p=reject; sp=x; rua=mailto:a@example.com"}},
     true,
     "example.com",
     Source::organizational_domain,
     "none",
     "example.com"},
    // Top level.
    {"a top level name", "uk", {}, true, "", Source::none, "", "uk"},
    {"a top level name with a record",
     "uk",
     {{"uk", "v=DMARC1; p=reject; sp=none; psd=y"}},
     true,
     "uk",
     Source::author_domain,
     "reject",
     "uk"},
    {"a record at the top level without psd",
     "mail.example.com",
     {{"com", reject}},
     true,
     "com",
     Source::organizational_domain,
     "reject",
     "com"},
    // Many labels.
    {"the record of a name with 12 labels",
     deep,
     {{deep, reject}},
     true,
     deep,
     Source::author_domain,
     "reject",
     deep},
    {"a name with 12 labels inherits from the organisation",
     deep,
     {{"example.gov.uk", reject}},
     true,
     "example.gov.uk",
     Source::organizational_domain,
     "reject",
     "example.gov.uk"},
    {"the parent of a name with 12 labels is not asked",
     deep,
     {{"b.c.d.e.f.g.h.i.example.gov.uk", "v=DMARC1; p=none; psd=n"}},
     true,
     "",
     Source::none,
     "",
     deep},
    {"psd=y at the longest parent asked names a domain that is not asked",
     deep,
     {{"f.g.h.i.example.gov.uk", "v=DMARC1; p=reject; psd=y"}},
     true,
     "f.g.h.i.example.gov.uk",
     Source::public_suffix_domain,
     "reject",
     "e.f.g.h.i.example.gov.uk"},
    // Failures.
    {"the query at the start fails, nothing above",
     "mail.example.com",
     {{"mail.example.com", "fails"}},
     true,
     "",
     Source::none,
     "",
     "mail.example.com",
     false},
    {"the query at the start fails, a record above",
     "mail.example.com",
     {{"mail.example.com", "fails"}, {"example.com", reject}},
     true,
     "",
     Source::none,
     "",
     "",
     false},
    {"the query at the start fails, psd=y right above",
     "example.gov.uk",
     {{"example.gov.uk", "fails"}, {"gov.uk", "v=DMARC1; p=reject; psd=y"}},
     true,
     "",
     Source::none,
     "",
     "example.gov.uk",
     false},
    {"a query above fails, the start has a record",
     "mail.example.com",
     {{"mail.example.com", reject}, {"example.com", "fails"}},
     true,
     "mail.example.com",
     Source::author_domain,
     "reject",
     ""},
    {"a query above fails, psd=n at the start",
     "mail.example.com",
     {{"mail.example.com", "v=DMARC1; p=reject; psd=n"}, {"example.com", "fails"}},
     true,
     "mail.example.com",
     Source::author_domain,
     "reject",
     "mail.example.com"},
    {"a query above fails, psd=y at the start",
     "gov.uk",
     {{"gov.uk", "v=DMARC1; p=reject; psd=y"}, {"uk", "fails"}},
     true,
     "gov.uk",
     Source::author_domain,
     "reject",
     "gov.uk"},
    {"a query below the organisation fails",
     "a.mail.example.com",
     {{"mail.example.com", "fails"}, {"example.com", reject}},
     true,
     "",
     Source::none,
     "",
     "",
     false},
    {"a query above psd=n fails",
     "a.mail.example.com",
     {{"mail.example.com", "v=DMARC1; p=reject; psd=n"},
      {"example.com", "fails"},
      {"com", "fails"}},
     true,
     "mail.example.com",
     Source::organizational_domain,
     "reject",
     "mail.example.com"},
    {"a query above psd=y fails",
     "www.example.gov.uk",
     {{"gov.uk", "v=DMARC1; p=none; psd=y"}, {"uk", "fails"}},
     true,
     "gov.uk",
     Source::public_suffix_domain,
     "none",
     "example.gov.uk"},
    {"the query at the top level fails",
     "mail.example.com",
     {{"example.com", reject}, {"com", "fails"}},
     true,
     "",
     Source::none,
     "",
     "",
     false},
    {"a query above fails, the start's record is unusable",
     "mail.example.com",
     {{"mail.example.com", "v=DMARC1; p=x"}, {"com", "fails"}},
     true,
     "",
     Source::none,
     "",
     ""},
    {"the query at a top level start fails",
     "uk",
     {{"uk", "fails"}},
     true,
     "",
     Source::none,
     "",
     "uk",
     false},
};

}  // namespace

TEST_CASE("the record that holds and the organisational domain are found as RFC 9989 says") {
    for (const auto& row : rows) {
        CAPTURE(row.what);
        const auto found = discover(walk(row), row.exists);
        CHECK((found.policy_domain ? found.policy_domain->text() : "") == row.policy_domain);
        CHECK(found.source == row.source);
        CHECK((found.policy ? print(*found.policy) : "") == row.policy);
        CHECK((found.organizational_domain ? found.organizational_domain->text() : "") ==
              row.organization);
        CHECK(found.policy_known == row.known);
    }
}

TEST_CASE("a walk asks the start and its parents down to the single label") {
    CHECK(texts(walk_names(name("a.mail.example.com"))) ==
          std::vector<std::string>{"a.mail.example.com", "mail.example.com", "example.com", "com"});
    CHECK(texts(walk_names(name("uk"))) == std::vector<std::string>{"uk"});
    CHECK(texts(walk_names(dns::Name())) == std::vector<std::string>{"."});
}

TEST_CASE("a walk from a long name asks 8 names") {
    CHECK(texts(walk_names(name(deep))) ==
          std::vector<std::string>{std::string(deep), "f.g.h.i.example.gov.uk",
                                   "g.h.i.example.gov.uk", "h.i.example.gov.uk", "i.example.gov.uk",
                                   "example.gov.uk", "gov.uk", "uk"});
    CHECK(texts(walk_names(name("a.b.c.d.e.f.example.com"))) ==
          std::vector<std::string>{"a.b.c.d.e.f.example.com", "b.c.d.e.f.example.com",
                                   "c.d.e.f.example.com", "d.e.f.example.com", "e.f.example.com",
                                   "f.example.com", "example.com", "com"});
    CHECK(texts(walk_names(name("a.b.c.d.e.f.g.example.com"))) ==
          std::vector<std::string>{"a.b.c.d.e.f.g.example.com", "c.d.e.f.g.example.com",
                                   "d.e.f.g.example.com", "e.f.g.example.com", "f.g.example.com",
                                   "g.example.com", "example.com", "com"});
}

TEST_CASE("no steps, no answer") {
    const auto found = discover({}, true);
    CHECK(!found.policy_domain);
    CHECK(!found.organizational_domain);
    CHECK(!found.policy_known);
}

TEST_CASE("alignment is the same organisation, or the same name in strict mode") {
    const auto com = name("example.com"), mail = name("mail.example.com"),
               net = name("example.net");
    CHECK(aligned(com, com, com, com, Alignment::strict));
    CHECK(aligned(mail, com, com, com, Alignment::relaxed));
    CHECK(!aligned(mail, com, com, com, Alignment::strict));
    CHECK(!aligned(mail, com, net, net, Alignment::relaxed));
}

TEST_CASE("a report destination authorises below its own name") {
    CHECK(authorization_name(name("example.gov.uk"), name("reports.example.com"))->text() ==
          "example.gov.uk._report._dmarc.reports.example.com");
    const std::string label(60, 'a');
    const auto lengthy = name(label + '.' + label + ".example.com");
    CHECK(!authorization_name(lengthy, lengthy));
}

}  // namespace assay::codec::dmarc
