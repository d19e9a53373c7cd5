// `assay witness new|add-checkpoint|serve`, and `assay authority witness`, which asks such servers.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <istream>

#include "base/text.hpp"
#include "certify/authority.hpp"
#include "cli/commands.hpp"
#include "net/real/http_client.hpp"
#include "net/real/http_server.hpp"
#include "prove/witness_folder.hpp"

namespace assay::cli {

namespace {

constexpr std::string_view add_checkpoint_path = "/add-checkpoint";
constexpr std::chrono::seconds ask_timeout{20};  // ours: twice what a witness of ours may take

struct WitnessOptions {
    std::string folder, name, listen = "127.0.0.1:8080";
    std::vector<std::string> logs;
};

base::Result<std::vector<prove::Verifier>> read_logs(const WitnessOptions& options) {
    std::vector<prove::Verifier> out;
    for (const auto& text : options.logs) {
        auto log = prove::parse_verifier(text);
        if (!log || log->kind != prove::NoteKind::ed25519) {
            return base::fail(
                base::ErrorKind::usage,
                fmt::format("--log '{}' is not the key of a log. It is the text under "
                            "\"log\" in the authority's trust file",
                            base::quote_for_display(text, 80)));
        }
        out.push_back(*std::move(log));
    }
    return out;
}

base::Result<int> run_new(const WitnessOptions& options, World& world) {
    auto made = prove::WitnessFolder::create(options.folder, options.name);
    if (!made) return std::unexpected(made.error());
    ASSAY_TRY(const auto witness, prove::WitnessFolder::open(options.folder));
    fmt::print(world.out, "{}\n", prove::print(witness.verifier()));
    fmt::print(world.err,
               "{} has the key of the witness: keep it to yourself. The line above is its public "
               "key: give it to the authorities that you watch, and to those who verify.\n",
               options.folder);
    return exit_met;
}

base::Result<int> run_add_checkpoint(const WitnessOptions& options, World& world) {
    ASSAY_TRY(const auto logs, read_logs(options));
    ASSAY_TRY(const auto witness, prove::WitnessFolder::open(options.folder));
    std::string body;
    for (int c = world.in.get(); c != EOF && body.size() <= prove::witness_request_octets_max;
         c = world.in.get())
        body += static_cast<char>(c);
    ASSAY_TRY(const auto answer, witness.answer(body, logs, world.now()));
    fmt::print(world.out, "{}", answer.body);
    if (answer.status == 200) return exit_met;
    fmt::print(world.err, "assay: The witness did not sign: status {}.\n", answer.status);
    return exit_not_met;
}

net::HttpResponse respond(const net::HttpRequest& request, const prove::WitnessFolder& witness,
                          const std::vector<prove::Verifier>& logs, World& world) {
    if (request.target != add_checkpoint_path)
        return {404, "text/plain", "there is only /add-checkpoint here\n"};
    if (request.method != "POST") return {405, "text/plain", "send the request with POST\n"};
    auto answer = witness.answer(request.body, logs, world.now());
    if (answer) return {answer->status, answer->content_type, std::move(answer->body)};
    report_error(world, answer.error());
    return {500, "text/plain", "the witness failed; it did not sign\n"};
}

base::Result<int> run_serve(const WitnessOptions& options, World& world) {
    ASSAY_TRY(const auto logs, read_logs(options));
    ASSAY_TRY(const auto witness, prove::WitnessFolder::open(options.folder));
    const auto done = net::serve_http(
        options.listen,
        [&](const net::HttpRequest& request) { return respond(request, witness, logs, world); },
        [&](std::uint16_t port) {
            const auto address = options.listen.substr(0, options.listen.rfind(':'));
            fmt::print(world.out, "{} listens at http://{}:{}\n", witness.verifier().name, address,
                       port);
            world.out.flush();
        });
    if (!done) return std::unexpected(done.error());
    return exit_met;
}

base::Result<int> run_ask(const std::string& folder, World& world) {
    ASSAY_TRY(const auto authority, certify::Authority::open(folder));
    const auto ask = [](std::string url,
                        const std::string& body) -> base::Result<prove::WitnessAnswer> {
        if (url.ends_with('/')) url.pop_back();
        url += add_checkpoint_path;
        ASSAY_TRY(auto reply, net::http_post(url, body, ask_timeout));
        return prove::WitnessAnswer{reply.status, std::move(reply.content_type),
                                    std::move(reply.body)};
    };
    ASSAY_TRY(const auto result, authority.collect_cosignatures(ask));
    for (const auto& failure : result.failures)
        fmt::print(world.err, "assay: {}.\n", failure.detail);
    fmt::print(world.out, "The log of {} entries is seen by {}.\n", result.size,
               result.seen_by.empty() ? "no witness" : base::join(result.seen_by, ", "));
    if (result.enough) return exit_met;
    fmt::print(world.err,
               "assay: {} witnesses signed, and {} are needed. Packs are not good until then: ask "
               "again.\n",
               result.seen_by.size(), authority.trust().witnesses_needed);
    return exit_cannot_tell;
}

int exit_code(const base::Result<int>& result, World& world) {
    if (result) return *result;
    const auto code = report_error(world, result.error());
    return result.error().kind == base::ErrorKind::conflict ? exit_cannot_tell : code;
}

void add_folder(CLI::App& command, const std::shared_ptr<WitnessOptions>& options) {
    command.add_option("folder", options->folder, "The witness's folder")->required();
}

void add_logs(CLI::App& command, const std::shared_ptr<WitnessOptions>& options) {
    add_folder(command, options);
    command.add_option("--log", options->logs, "The key of a log to watch (repeat for more)")
        ->required()
        ->option_text("VKEY")
        ->allow_extra_args(false);
}

}  // namespace

void add_witness(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<WitnessOptions>();
    auto* command =
        app.add_subcommand("witness", "Watch the logs of others, and sign what you saw");
    command->require_subcommand(1);
    const auto runs = [&world, &code, options](CLI::App& one, auto run) {
        one.callback(
            [options, run, &world, &code] { code = exit_code(run(*options, world), world); });
    };
    auto* make = command->add_subcommand("new", "Make the key of a witness and print its vkey");
    add_folder(*make, options);
    make->add_option("--name", options->name, "Its name, such as witness.example.gov.uk")
        ->required();
    runs(*make, run_new);
    auto* add = command->add_subcommand(
        "add-checkpoint", "Answer one request (C2SP tlog-witness) from standard input");
    add_logs(*add, options);
    add->footer(
        "Exit codes: 0 signed; 1 refused, standard error has the status that HTTP would have;\n"
        "2 the command line or a file is wrong; 4 internal failure.");
    runs(*add, run_add_checkpoint);
    auto* serve = command->add_subcommand("serve", "Answer POST /add-checkpoint until ended");
    add_logs(*serve, options);
    serve->add_option("--listen", options->listen, "Where; port 0 is any free one")
        ->type_name("ADDR:PORT")
        ->capture_default_str();
    serve->footer("Plain HTTP: put a proxy with TLS before it where others come from outside.");
    runs(*serve, run_serve);
}

void add_authority_witness(CLI::App& authority, World& world, int& code) {
    auto folder = std::make_shared<std::string>("authority");
    auto* command = authority.add_subcommand(
        "witness", "Ask the witnesses to sign the newest checkpoint, and publish it with them");
    command->add_option("--authority", *folder, "Folder with the authority's keys")
        ->type_name("FOLDER")
        ->capture_default_str();
    command->footer(
        "The witnesses stand in authority.json: \"witnesses\":[{\"url\":\"https://...\",\"key\":\n"
        "\"name+hash+key\"}], \"witnesses_needed\":1. Exit codes: 0 enough of them signed; 2 the\n"
        "command line or a file is wrong; 3 too few signed, or the log grew meanwhile: ask again.");
    command->callback(
        [folder, &world, &code] { code = exit_code(run_ask(*folder, world), world); });
}

}  // namespace assay::cli
