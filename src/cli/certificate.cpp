// `assay certificate show|verify|pack|pdf`, `assay register replay`,
// `assay authority new|publish|rotate|retire`.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "base/text.hpp"
#include "certify/authority.hpp"
#include "certify/paper.hpp"
#include "certify/register.hpp"
#include "cli/commands.hpp"
#include "cli/schemes.hpp"
#include "prove/log_directory.hpp"
#include "prove/pack.hpp"

namespace assay::cli {

namespace {

namespace json = boost::json;

struct Options {
    std::string file, trust, at, format = "text", folder = "authority", db = "assay.db", origin,
                                 compare, out;
    std::vector<std::string> schemes;
    unsigned status_age_days = 7;
};

void print_lines(World& world, const prove::Certificate& one) {
    const auto line = [&](std::string_view name, const std::string& value) {
        if (!value.empty())
            fmt::print(world.out, "  {:<14} {}\n", name, base::quote_for_display(value, 400));
    };
    line("Certificate", one.jti);
    line("Organisation", one.organisation);
    line("Scope",
         fmt::format("{}: {}", one.whole ? "whole organisation" : "part", one.environment));
    line("Scheme", one.scheme + " " + one.scheme_version);
    line("Issued by", one.iss);
    line("Issued", base::print(one.iat));
    line("Ends", base::print(one.exp));
    line("Domains", base::join(one.domains, ", "));
}

json::object document(const prove::Verification& result) {
    json::object out{{"schema", "assay.verification/1"},
                     {"verdict", prove::print(result.verdict)},
                     {"reason", result.reason}};
    out["not_withdrawn_as_of"] = nullptr;
    if (result.not_withdrawn_as_of)
        out["not_withdrawn_as_of"] = base::print(*result.not_withdrawn_as_of);
    if (result.log_index) out["log_index"] = *result.log_index;
    json::array witnesses;
    for (const auto& name : result.seen_by)
        witnesses.push_back(json::string(name));
    out["seen_by"] = std::move(witnesses);
    if (!result.certificate) return out;
    const auto& one = *result.certificate;
    out["certificate"] = {{"number", one.jti},
                          {"organisation", one.organisation},
                          {"whole_organisation", one.whole},
                          {"environment", one.environment},
                          {"scheme", one.scheme},
                          {"issuer", one.iss},
                          {"issued_at", base::print(one.iat)},
                          {"ends_at", base::print(one.exp)}};
    return out;
}

base::Result<int> run_verify(const Options& options, World& world) {
    ASSAY_TRY(const auto at, moment_of(options.at, world));
    ASSAY_TRY(const auto trust_text, prove::read_file(options.trust, prove::pack_octets_max));
    ASSAY_TRY(const auto trust, prove::parse_trust(trust_text));
    ASSAY_TRY(const auto pack, prove::read_file(options.file, prove::pack_octets_max));
    const auto result = prove::verify(pack, trust, at, std::chrono::days(options.status_age_days));
    if (options.format == "json") {
        fmt::print(world.out, "{}\n", json::serialize(document(result)));
    } else {
        fmt::print(world.out, "{}: {}\n", prove::print(result.verdict), result.reason);
        if (result.certificate) print_lines(world, *result.certificate);
        if (result.log_index) {
            fmt::print(world.out, "  {:<14} entry {}, seen by {}\n", "Logged", *result.log_index,
                       result.seen_by.empty() ? "no witness" : base::join(result.seen_by, ", "));
        }
        if (result.not_withdrawn_as_of) {
            fmt::print(world.out, "  {:<14} as of {}\n", "Not withdrawn",
                       base::print(*result.not_withdrawn_as_of));
        }
    }
    return static_cast<int>(result.verdict);
}

base::Result<int> run_verify_or_say(const Options& options, World& world) {
    const auto result = run_verify(options, world);
    if (result) return result;
    report_error(world, result.error());
    return exit_verify_usage;
}

base::Result<int> run_show(const Options& options, World& world) {
    ASSAY_TRY(const auto text, prove::read_file(options.file, prove::pack_octets_max));
    const auto pack = prove::parse_pack(text);
    if (!pack) return base::fail(base::ErrorKind::usage, pack.error().detail);
    const auto read = prove::parse_certificate(pack->certificate);
    if (!read) return base::fail(base::ErrorKind::usage, read.error().detail);
    fmt::print(world.out,
               "What the file says; use 'assay certificate verify' to see whether it is "
               "true:\n");
    print_lines(world, read->certificate);
    return exit_met;
}

base::Result<int> run_pack(const Options& options, World& world) {
    ASSAY_TRY(const auto authority, certify::Authority::open(options.folder));
    ASSAY_TRY(const auto store, world.open_store(options.db));
    ASSAY_TRY(const auto transaction, store->read());
    ASSAY_TRY(const auto row, transaction->find(certify::Kind::certificate, options.file));
    if (!row) {
        return base::fail(
            base::ErrorKind::usage,
            fmt::format("There is no certificate '{}'", base::quote_for_display(options.file, 60)));
    }
    ASSAY_TRY(const auto one, certify::value_of<certify::Certificate>(*row, "certificate"));
    ASSAY_TRY(const auto pack, authority.pack(one));
    fmt::print(world.out, "{}", prove::print(pack));
    return exit_met;
}

base::Result<int> run_pdf(const Options& options, World& world) {
    ASSAY_TRY(const auto at, moment_of(options.at, world));
    ASSAY_TRY(const auto schemes, load_schemes(options.schemes));
    ASSAY_TRY(const auto authority, certify::Authority::open(options.folder));
    ASSAY_TRY(const auto store, world.open_store(options.db));
    ASSAY_TRY(const auto transaction, store->read());
    ASSAY_TRY(const auto pdf,
              certify::certificate_on_paper({*transaction, schemes, authority, at}, options.file));
    if (auto ok = prove::write_file(options.out, pdf); !ok) return std::unexpected(ok.error());
    return exit_met;
}

base::Result<int> run_replay(const Options& options, World& world) {
    const auto broken = [](base::Error error) {
        error.kind = base::ErrorKind::usage;
        return std::unexpected(std::move(error));
    };
    const auto opened = prove::LogDirectory::open(options.file);
    if (!opened) return broken(opened.error());
    const auto& log = *opened;
    if (!log.checkpoint()) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("There is no log in {}", options.file));
    }
    certify::Register all;
    for (std::uint64_t i = 0; i < log.size(); ++i) {
        if (auto ok = all.apply(log.entry(i)); !ok) return broken(ok.error());
    }
    const auto text = all.print();
    if (options.compare.empty()) {
        fmt::print(world.out, "{}", text);
        return exit_met;
    }
    ASSAY_TRY(const auto published, prove::read_file(options.compare, std::size_t{1} << 30));
    if (published == text) {
        fmt::print(world.out, "The register is what the log says, byte for byte ({} entries).\n",
                   log.size());
        return exit_met;
    }
    fmt::print(world.out, "The register is not what the log says ({} entries).\n", log.size());
    return exit_not_met;
}

base::Result<int> run_authority_new(const Options& options, World& world) {
    ASSAY_TRY(const auto at, moment_of(options.at, world));
    auto made = certify::Authority::create(options.folder, options.origin, at);
    if (!made) return std::unexpected(made.error());
    fmt::print(world.out,
               "{} has the keys of {}. Keep the folder to yourself; 'public' in it is "
               "for everybody.\n",
               options.folder, options.origin);
    return exit_met;
}

base::Result<int> run_publish(const Options& options, World& world) {
    ASSAY_TRY(const auto at, moment_of(options.at, world));
    ASSAY_TRY(const auto authority, certify::Authority::open(options.folder));
    ASSAY_TRY(const auto store, world.open_store(options.db));
    ASSAY_TRY(const auto schemes, load_schemes(options.schemes));
    if (auto ok = authority.publish(*store, schemes, at); !ok) return std::unexpected(ok.error());
    fmt::print(world.out, "{}/public is up to date.\n", options.folder);
    return exit_met;
}

base::Result<int> run_rotate(const Options& options, World& world) {
    ASSAY_TRY(const auto at, moment_of(options.at, world));
    ASSAY_TRY(const auto id, certify::Authority::rotate(options.folder, at));
    fmt::print(world.out,
               "Key {} signs from now on. Run 'assay authority publish' to announce it in the "
               "log,\nthen give {}/public/trust.json to those who verify.\n",
               id, options.folder);
    return exit_met;
}

base::Result<int> run_retire(const Options& options, World& world) {
    ASSAY_TRY(const auto store, world.open_store(options.db));
    if (auto ok = certify::Authority::retire(options.folder, options.file, *store); !ok)
        return std::unexpected(ok.error());
    fmt::print(world.out,
               "Key {} is retired. Run 'assay authority publish' to announce it in the log.\n",
               options.file);
    return exit_met;
}

using Run = base::Result<int> (*)(const Options&, World&);

CLI::App* declare(CLI::App& parent, const char* name, const char* what, Run run,
                  std::shared_ptr<Options> options, World& world, int& code) {
    auto* command = parent.add_subcommand(name, what);
    command->callback([run, options = std::move(options), &world, &code] {
        const auto result = run(*options, world);
        code = result ? *result : report_error(world, result.error());
    });
    return command;
}

void add_at(CLI::App& command, const std::shared_ptr<Options>& options) {
    command.add_option("--at", options->at, "The time; without it, now")->type_name("TIME");
}

void add_store(CLI::App& command, const std::shared_ptr<Options>& options) {
    command.add_option("--db", options->db, "Where cases are kept")
        ->type_name("URL")
        ->capture_default_str();
    command.add_option("--authority", options->folder, "Folder with the authority's keys")
        ->type_name("FOLDER")
        ->capture_default_str();
}

}  // namespace

void add_certificate(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("certificate", "Certificates, verified without a network");
    command->require_subcommand(1);
    auto* verify = declare(*command, "verify", "Is it genuine, in date, logged, not withdrawn?",
                           run_verify_or_say, options, world, code);
    verify->add_option("file", options->file, "The certificate pack")->required();
    verify->add_option("--trust", options->trust, "Whom you believe: the authority's trust file")
        ->required()
        ->type_name("FILE");
    verify
        ->add_option("--max-status-age", options->status_age_days, "Days that a status is believed")
        ->type_name("DAYS")
        ->capture_default_str();
    verify->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    add_at(*verify, options);
    verify->footer(
        "Exit codes: 0 good; 1 expired; 2 withdrawn or replaced; 3 suspended; 4 the status is too\n"
        "old; 5 not genuine; 6 not logged; 64 the command line or a file is wrong.");
    auto* show = declare(*command, "show", "What a pack says, without verifying it", run_show,
                         options, world, code);
    show->add_option("file", options->file, "The certificate pack")->required();
    auto* pack = declare(*command, "pack", "Write the pack of a certificate to standard output",
                         run_pack, options, world, code);
    pack->add_option("number", options->file, "The certificate's number")->required();
    add_store(*pack, options);
    add_remeasure(*command, world, code);
    auto* pdf = declare(*command, "pdf", "The certificate on paper, with its pack and a QR code",
                        run_pdf, options, world, code);
    pdf->add_option("number", options->file, "The certificate's number")->required();
    pdf->add_option("--out", options->out, "The PDF to write")->required()->type_name("FILE");
    pdf->add_option("--scheme", options->schemes, "A further scheme (repeat for more)")
        ->option_text("FOLDER")
        ->allow_extra_args(false);
    add_store(*pdf, options);
    add_at(*pdf, options);
}

void add_register(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("register", "The public register and its log");
    command->require_subcommand(1);
    auto* replay = declare(*command, "replay", "Make the register again from the log", run_replay,
                           options, world, code);
    replay->add_option("folder", options->file, "The log: a copy of the authority's public folder")
        ->required();
    replay->add_option("--compare", options->compare, "Say whether this register is the same")
        ->type_name("FILE");
    replay->footer("Exit codes: 0 done, or the same; 1 not the same; 2 the log is broken.");
    add_register_monitor(*command, world, code);
}

void add_authority(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("authority", "The keys and public files of who issues");
    command->require_subcommand(1);
    auto* make = declare(*command, "new", "Make the keys of a new authority", run_authority_new,
                         options, world, code);
    make->add_option("folder", options->folder, "A new folder")->required();
    make->add_option("--origin", options->origin, "https://HOST of the authority")->required();
    add_at(*make, options);
    auto* publish = declare(*command, "publish", "Bring log, register and status up to date",
                            run_publish, options, world, code);
    add_store(*publish, options);
    publish->add_option("--scheme", options->schemes, "A further scheme (repeat for more)")
        ->option_text("FOLDER")
        ->allow_extra_args(false);
    add_at(*publish, options);
    auto* rotate = declare(*command, "rotate", "Sign with a new key; the one before stays believed",
                           run_rotate, options, world, code);
    add_store(*rotate, options);
    add_at(*rotate, options);
    auto* retire = declare(*command, "retire", "Believe a former key no more", run_retire, options,
                           world, code);
    retire->add_option("key", options->file, "The key's id, such as 2026")->required();
    add_store(*retire, options);
    add_authority_witness(*command, world, code);
}

}  // namespace assay::cli
