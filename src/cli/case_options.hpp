// What every command on cases needs: who acts, when, on which store, for which authority.
#pragma once

#include <boost/json.hpp>

#include "certify/authority.hpp"
#include "certify/office.hpp"
#include "cli/options.hpp"

namespace assay::cli {

struct CaseOptions {
    std::string actor, db = "assay.db", authority = "authority", at;
    std::vector<std::string> schemes;

    void declare(CLI::App& command, bool actor_required);
    static void declare_db(CLI::App& command, std::string& db);
    static void declare_at(CLI::App& command, std::string& at);
};

// Exit code for an error of the office: `case` has its own (docs/interface.md).
int report_case_error(World& world, const base::Error& error);

// An office at work. Not copyable: its parts borrow one another.
class OpenOffice {
  public:
    static base::Result<std::unique_ptr<OpenOffice>> open(const CaseOptions& options, World& world);

    // Runs a command now, or at the time that the options give; the public files follow.
    base::Result<certify::Reply> run(std::string_view command, boost::json::object body,
                                     std::optional<std::uint64_t> version = std::nullopt);

    certify::Office& office() { return *office_; }
    certify::Store& store() { return *store_; }
    // Error: internal; a case's scheme was there when the case was made.
    base::Result<const certify::Scheme*> scheme(std::string_view id) const;

  private:
    OpenOffice(CaseOptions options, World& world, certify::Authority authority)
        : options_(std::move(options)), world_(&world), authority_(std::move(authority)) {}

    CaseOptions options_;
    World* world_;
    certify::Authority authority_;
    std::vector<certify::Scheme> schemes_;
    std::unique_ptr<certify::Store> store_;
    std::optional<certify::Office> office_;
};

struct ShownCase {
    certify::Case application;
    const certify::Scheme* scheme = nullptr;  // lives as long as the office
    std::uint64_t version = 0;
};

// The case as the person of the office's options sees it.
base::Result<ShownCase> show_case(OpenOffice& office, const std::string& id);

}  // namespace assay::cli
