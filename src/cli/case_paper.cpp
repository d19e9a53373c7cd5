// `assay case diagram` and `assay case letter`: what goes on paper before and after a decision.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "certify/paper.hpp"
#include "cli/commands.hpp"
#include "cli/schemes.hpp"
#include "document/diagram.hpp"
#include "prove/log_directory.hpp"

namespace assay::cli {

namespace {

namespace json = boost::json;

struct PaperOptions {
    std::string subject, out, at, db = "assay.db", authority = "authority";
    std::vector<std::string> schemes;
};

// What it prints is what `case attach` wants to know of the document.
base::Result<void> run_diagram(const PaperOptions& options, World& world) {
    ASSAY_TRY(const auto text, prove::read_file(options.subject, document::diagram_octets_max));
    ASSAY_TRY(const auto diagram, document::read_diagram(text, options.subject));
    ASSAY_TRY(const auto pdf, document::diagram_pdf(diagram));
    if (auto ok = prove::write_file(options.out, pdf); !ok) return ok;
    json::array contents;
    for (const auto id : document::diagram_contents)
        contents.emplace_back(json::string(id));
    fmt::print(world.out, "{}\n",
               json::serialize(json::object{{"date", certify::print(diagram.created)},
                                            {"confirmed_contents", std::move(contents)}}));
    return {};
}

base::Result<void> run_letter(const PaperOptions& options, World& world) {
    ASSAY_TRY(const auto at, moment_of(options.at, world));
    ASSAY_TRY(const auto schemes, load_schemes(options.schemes));
    ASSAY_TRY(const auto authority, certify::Authority::open(options.authority));
    ASSAY_TRY(const auto store, world.open_store(options.db));
    ASSAY_TRY(const auto transaction, store->read());
    ASSAY_TRY(const auto pdf,
              certify::letter_on_paper({*transaction, schemes, authority, at}, options.subject));
    return prove::write_file(options.out, pdf);
}

CLI::App* declare(CLI::App& parent, const char* name, const char* what,
                  base::Result<void> (*run)(const PaperOptions&, World&),
                  const std::shared_ptr<PaperOptions>& options, World& world, int& code) {
    auto* command = parent.add_subcommand(name, what);
    command->add_option("--out", options->out, "The PDF to write")->required()->type_name("FILE");
    command->callback([run, options, &world, &code] {
        const auto result = run(*options, world);
        code = result ? exit_met : report_error(world, result.error());
    });
    return command;
}

}  // namespace

void add_case_paper(CLI::App& parent, World& world, int& code) {
    auto options = std::make_shared<PaperOptions>();
    auto* diagram = declare(parent, "diagram", "Draw a network diagram from its description",
                            run_diagram, options, world, code);
    diagram->add_option("description", options->subject, "A YAML file; docs/interface.md says how")
        ->required()
        ->type_name("FILE");
    diagram->footer(
        "Prints the date and the contents that the diagram shows, as --body of 'case attach' has\n"
        "them. Exit codes: 0 drawn; 2 the description is wrong or leaves something out.");
    auto* letter = declare(parent, "letter", "Write the outcome of a case, or what is asked",
                           run_letter, options, world, code);
    letter->add_option("case", options->subject, "The number of the case")->required();
    letter->add_option("--db", options->db, "Where cases are kept")
        ->type_name("URL")
        ->capture_default_str();
    letter->add_option("--authority", options->authority, "Folder with the authority's keys")
        ->type_name("FOLDER")
        ->capture_default_str();
    letter->add_option("--scheme", options->schemes, "A further scheme (repeat for more)")
        ->option_text("FOLDER")
        ->allow_extra_args(false);
    letter->add_option("--at", options->at, "The time; without it, now")->type_name("TIME");
    letter->footer("Exit codes: 0 written; 2 there is nothing to write, or no such case.");
}

}  // namespace assay::cli
