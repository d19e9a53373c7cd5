// Resolver and nameservers for tests: zones, and a script of what goes wrong.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "net/nameserver_client.hpp"
#include "net/resolver.hpp"
#include "net/zone_set.hpp"

namespace assay::net {

class ScriptedResolver : public Resolver {
  public:
    explicit ScriptedResolver(ZoneSet zones) : zones_(std::move(zones)) {}

    // Questions for the name (of that type, or of every type) fail with the error.
    void fail(dns::Name name, std::optional<dns::Type> type, base::Error error);
    // Questions for the name get NXDOMAIN, whatever stands at it or below.
    void deny(dns::Name name) { denied_.push_back(std::move(name)); }
    // Answers at and below the name have that status; the longest match decides; without any:
    // insecure.
    void secure(dns::Name name, dns::Security security);
    void allow_listing() { listing_ = true; }

    Task<base::Result<AnswerPtr>> resolve(dns::Name name, dns::Type type) override;
    std::optional<Listing> list(const dns::Name& name) const override;

    unsigned questions() const { return questions_; }

  private:
    struct Failure {
        dns::Name name;
        std::optional<dns::Type> type;
        base::Error error;
    };

    ZoneSet zones_;
    std::vector<Failure> failures_;
    std::vector<dns::Name> denied_;
    std::vector<std::pair<dns::Name, dns::Security>> securities_;
    bool listing_ = false;
    unsigned questions_ = 0;
};

class ScriptedNameservers : public NameserverClient {
  public:
    explicit ScriptedNameservers(const ZoneSet& zones) : zones_(zones) {}

    void fail(std::string address, base::Error error) {
        failures_[std::move(address)] = std::move(error);
    }
    void make_lame(std::string address) { lame_.push_back(std::move(address)); }
    void set_serial(std::string address, std::uint32_t serial) {
        serials_[std::move(address)] = serial;
    }

    Task<base::Result<dns::Message>> ask(std::string address, dns::Name name,
                                         dns::Type type) override;

  private:
    const ZoneSet& zones_;
    std::map<std::string, base::Error> failures_;
    std::vector<std::string> lame_;
    std::map<std::string, std::uint32_t> serials_;
};

}  // namespace assay::net
