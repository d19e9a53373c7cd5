#include "cli/case_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/schemes.hpp"

namespace assay::cli {

namespace {

bool writes(std::string_view command) {
    const auto all = certify::Office::commands();
    const auto found = std::ranges::find(all, command, &certify::CommandInfo::name);
    return found != all.end() && found->writes;
}

}  // namespace

void CaseOptions::declare_db(CLI::App& command, std::string& db) {
    command.add_option("--db", db, "Where cases are kept")->type_name("URL")->capture_default_str();
}

void CaseOptions::declare_at(CLI::App& command, std::string& at) {
    command.add_option("--at", at, "The time of the command; without it, now")->type_name("TIME");
}

void CaseOptions::declare(CLI::App& command, bool actor_required) {
    command.add_option("--as", actor, "Who does it")->required(actor_required)->type_name("PERSON");
    declare_db(command, db);
    command.add_option("--authority", authority, "Folder with the authority's keys")
        ->type_name("FOLDER")
        ->capture_default_str();
    command.add_option("--scheme", schemes, "A further scheme (repeat for more)")
        ->option_text("FOLDER")
        ->allow_extra_args(false);
    declare_at(command, at);
}

int report_case_error(World& world, const base::Error& error) {
    const int code = report_error(world, error);
    if (error.kind == base::ErrorKind::conflict) return exit_cannot_tell;
    if (error.kind == base::ErrorKind::not_found) return exit_usage;
    return code;
}

base::Result<std::unique_ptr<OpenOffice>> OpenOffice::open(const CaseOptions& options,
                                                           World& world) {
    ASSAY_TRY(auto schemes, load_schemes(options.schemes));
    ASSAY_TRY(auto authority, certify::Authority::open(options.authority));
    ASSAY_TRY(auto store, world.open_store(options.db));
    std::unique_ptr<OpenOffice> out(new OpenOffice(options, world, std::move(authority)));
    out->schemes_ = std::move(schemes);
    out->store_ = std::move(store);
    out->office_.emplace(*out->store_, out->schemes_, out->authority_, world.random);
    return out;
}

base::Result<certify::Reply> OpenOffice::run(std::string_view command, boost::json::object body,
                                             std::optional<std::uint64_t> version) {
    ASSAY_TRY(const auto at, moment_of(options_.at, *world_));
    ASSAY_TRY(auto reply,
              office_->run({options_.actor, std::string(command), std::move(body), at, version}));
    // What was acknowledged is in the store; the public files follow it, and catch up next time
    // should this fail.
    if (writes(command)) {
        if (auto published = authority_.publish(*store_, schemes_, at); !published)
            report_error(*world_, published.error());
    }
    return reply;
}

base::Result<const certify::Scheme*> OpenOffice::scheme(std::string_view id) const {
    const auto found = std::ranges::find(schemes_, id, &certify::Scheme::id);
    if (found != schemes_.end()) return &*found;
    return base::fail(
        base::ErrorKind::usage,
        fmt::format("The case is of the scheme '{}'. Name its folder with --scheme", id));
}

base::Result<ShownCase> show_case(OpenOffice& office, const std::string& id) {
    ASSAY_TRY(const auto reply, office.run("show", {{"case", id}}));
    ShownCase out;
    ASSAY_TRY(out.application,
              certify::from_json<certify::Case>(reply.body.at("case"), "the case"));
    ASSAY_TRY(out.scheme, office.scheme(out.application.scheme));
    out.version = reply.body.at("version").to_number<std::uint64_t>();
    return out;
}

}  // namespace assay::cli
