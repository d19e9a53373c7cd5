#include "document/pdf_check.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "base/text.hpp"
#include "document/pdf_source.hpp"
#include "document/qpdf.hpp"

namespace assay::document {

namespace {

constexpr std::size_t magic_within = 1024;  // ISO 32000-1 annex H.3, implementation note 13

base::Fault fault(std::string_view rule, std::string_view cite, std::string detail) {
    return {std::string(rule), std::string(cite), 0, std::move(detail)};
}

constexpr std::string_view save_again =
    " Print the document to PDF, or save it from the program that made it without this.";

// Actions by their name, annotations by their subtype.
struct ActiveName {
    std::string_view name;
    std::string_view rule;
    std::string_view cite;
    std::string_view what;
};

constexpr ActiveName actions[] = {
    {"/JavaScript", "javascript", "ISO 32000-1 section 12.6.4.16", "a script (JavaScript)"},
    {"/Launch", "launch", "ISO 32000-1 section 12.6.4.5", "a command that starts another program"},
    {"/SubmitForm", "submit-form", "ISO 32000-1 section 12.7.5.2",
     "a form that sends what is typed to somewhere else"},
    {"/ImportData", "import-data", "ISO 32000-1 section 12.7.5.4",
     "a command that reads data from another file"},
    {"/Rendition", "rich-media", "ISO 32000-1 section 12.6.4.13", "sound or film"},
    {"/RichMediaExecute", "rich-media", "ISO 32000-2 section 12.6.4.18", "sound or film"},
    {"/GoToE", "remote-document", "ISO 32000-1 section 12.6.4.4",
     "a command that opens a document within this document"},
};

constexpr ActiveName subtypes[] = {
    {"/RichMedia", "rich-media", "ISO 32000-2 section 12.5.6.24", "sound, film or Flash"},
};

constexpr std::string_view program_endings[] = {
    ".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".ps1",  ".vbs",  ".vbe",
    ".js",  ".jse", ".wsf", ".hta", ".msi", ".jar", ".lnk",  ".sh",   ".py",
    ".app", ".apk", ".cpl", ".reg", ".iso", ".img", ".docm", ".xlsm", ".pptm"};

// The first bytes of what is embedded; then stops the decoder, however much it would inflate to.
class FirstBytes final : public Pipeline {
  public:
    FirstBytes() : Pipeline("first bytes", nullptr) {}
    void write(const unsigned char* data, std::size_t size) override {
        bytes_.append(reinterpret_cast<const char*>(data), std::min(size, 8 - bytes_.size()));
        if (bytes_.size() == 8) throw std::runtime_error("enough");
    }
    void finish() override {}
    bool is_program() const {
        return bytes_.starts_with("MZ") ||
               bytes_.starts_with(
                   "\x7f"
                   "ELF") ||
               bytes_.starts_with("#!") || bytes_.starts_with("\xca\xfe\xba\xbe") ||
               bytes_.starts_with("\xcf\xfa\xed\xfe");
    }

  private:
    std::string bytes_;
};

class Checker {
  public:
    Checker(QPDF& pdf, PdfFacts& facts) : pdf_(pdf), facts_(facts) {}

    void run();
    std::vector<base::Fault> take_faults() { return std::move(faults_); }

  private:
    void add(std::string_view rule, std::string_view cite, std::string detail);
    void add(const ActiveName& active);
    void look_at_all_objects();
    void look_at(QPDFObjectHandle object, std::size_t depth);
    void look_at_dictionary(QPDFObjectHandle dictionary);
    void look_at_file(QPDFObjectHandle specification);
    bool has_fonts(QPDFObjectHandle resources, std::size_t depth);
    void count_pages();

    QPDF& pdf_;
    PdfFacts& facts_;
    std::vector<base::Fault> faults_;
    std::set<std::string, std::less<>> said_;  // one fault a rule is enough to act upon
    std::set<QPDFObjGen> forms_;               // looked into already for fonts, and had none
};

void Checker::add(std::string_view rule, std::string_view cite, std::string detail) {
    if (said_.emplace(rule).second) faults_.push_back(fault(rule, cite, std::move(detail)));
}

void Checker::add(const ActiveName& active) {
    add(active.rule, active.cite,
        "This PDF contains " + std::string(active.what) +
            ". Documents with active content are not accepted." + std::string(save_again));
}

void Checker::run() {
    if (pdf_.isEncrypted()) {
        return add("encrypted", "ISO 32000-1 section 7.6",
                   "This PDF is protected with a password or with restrictions. Remove the "
                   "protection (in the security settings of the program that made it) and upload "
                   "it again.");
    }
    // Before any object is read, so that a table with millions of entries costs nothing more.
    if (pdf_.getXRefTable().size() > pdf_objects_max) {
        return add("too-many-objects", "ours",
                   "This PDF has more than " + std::to_string(pdf_objects_max) +
                       " parts, which is too many to check. Split it, or print it to a new PDF.");
    }
    look_at_all_objects();
    count_pages();
    auto information = pdf_.getTrailer().getKey("/Info");
    if (!information.isDictionary()) return;
    const auto date = [&](const char* key) -> std::optional<base::Moment> {
        auto value = information.getKey(key);
        return value.isString() ? parse_pdf_date(value.getStringValue()) : std::nullopt;
    };
    facts_.created = date("/CreationDate");
    facts_.modified = date("/ModDate");
}

void Checker::look_at_all_objects() {
    look_at(pdf_.getTrailer(), 0);
    // A copy: reading an object may mend the table.
    const auto table = pdf_.getXRefTable();
    for (const auto& [id, entry] : table) {
        if (entry.getType() != 0) look_at(pdf_.getObjectByObjGen(id), 0);
    }
}

// Direct objects only: what is referred to has a turn of its own.
void Checker::look_at(QPDFObjectHandle object, std::size_t depth) {
    if (depth > pdf_depth_max) {
        return add("too-deep", "ours",
                   "The parts of this PDF are nested too deeply to check. Print it to a new PDF.");
    }
    if (object.isStream()) object = object.getDict();
    if (object.isArray()) {
        for (auto item : object.aitems()) {
            if (!item.isIndirect()) look_at(item, depth + 1);
        }
    }
    if (!object.isDictionary()) return;
    look_at_dictionary(object);
    for (auto [key, value] : object.ditems()) {
        if (!value.isIndirect()) look_at(value, depth + 1);
    }
}

void Checker::look_at_dictionary(QPDFObjectHandle dictionary) {
    const auto named = [&](const char* key) {
        auto value = dictionary.getKey(key);
        return value.isName() ? value.getName() : std::string();
    };
    const auto kind = named("/S");
    for (const auto& action : actions) {
        if (kind == action.name) add(action);
    }
    const auto subtype = named("/Subtype");
    for (const auto& active : subtypes) {
        if (subtype == active.name) add(active);
    }
    // A script without a type, and the tree of named scripts that run on opening.
    if (dictionary.hasKey("/JS") || dictionary.getKey("/JavaScript").isDictionary()) {
        add(actions[0]);
    }
    if (dictionary.hasKey("/XFA")) {
        add("xfa", "ISO 32000-1 section 12.7.8",
            "This PDF is an XFA form, a program of its own kind that most readers cannot show." +
                std::string(save_again));
    }
    if (dictionary.hasKey("/EF")) look_at_file(dictionary);
}

void Checker::look_at_file(QPDFObjectHandle specification) {
    constexpr std::string_view cite = "ISO 32000-1 section 7.11.4";
    const auto refuse = [&](std::string_view name) {
        add("embedded-program", cite,
            "This PDF carries a program inside it (" + base::quote_for_display(name, 80) +
                "). Remove the attachment and upload the document again.");
    };
    QPDFFileSpecObjectHelper helper(specification);
    std::string shown = "without a name";
    for (const auto& [key, name] : helper.getFilenames()) {
        shown = name;
        const auto lower = base::lower(base::trim(name));
        for (const auto ending : program_endings) {
            if (lower.ends_with(ending)) refuse(name);
        }
    }
    auto files = specification.getKey("/EF");
    if (!files.isDictionary()) return;
    for (auto [key, stream] : files.ditems()) {
        if (!stream.isStream()) continue;
        FirstBytes first;
        try {
            auto copy = stream;
            copy.pipeStreamData(&first, 0, qpdf_dl_specialized, true);
        } catch (const std::exception&) {
            // It has given its first bytes, or cannot be decoded, and then nobody can run it.
        }
        if (first.is_program()) refuse(shown);
    }
}

bool Checker::has_fonts(QPDFObjectHandle resources, std::size_t depth) {
    if (!resources.isDictionary()) return false;
    auto fonts = resources.getKey("/Font");
    if (fonts.isDictionary() && !fonts.getKeys().empty()) return true;
    auto objects = resources.getKey("/XObject");
    if (depth == pdf_form_depth_max || !objects.isDictionary()) return false;
    for (auto [key, value] : objects.ditems()) {
        if (!value.isStream()) continue;
        auto form = value.getDict();
        if (form.getKey("/Subtype").isNameAndEquals("/Form") &&
            forms_.insert(value.getObjGen()).second &&
            has_fonts(form.getKey("/Resources"), depth + 1)) {
            forms_.erase(value.getObjGen());
            return true;
        }
    }
    return false;
}

void Checker::count_pages() {
    for (auto& page : QPDFPageDocumentHelper(pdf_).getAllPages()) {
        ++facts_.pages;
        auto resources = page.getAttribute("/Resources", false);
        if (!has_fonts(resources, 0)) ++facts_.pages_without_text;
    }
    if (facts_.pages == 0) {
        add("no-pages", "ISO 32000-1 section 7.7.3",
            "This PDF has no pages. Make it again with the program that it comes from.");
    }
}

// The sum of everything, and whether the mark of a PDF stands where readers look for it.
struct Read {
    crypto::Sha256 sha256{};
    std::uint64_t size = 0;
    bool marked = false;
};

base::Result<Read> read_all(ByteSource& source, std::uint64_t size) {
    Read out;
    crypto::Sha256Sum sum;
    std::vector<std::uint8_t> buffer(65536);
    while (out.size < size) {
        ASSAY_TRY(const auto count, source.read_at(out.size, buffer));
        if (count == 0) break;
        const auto bytes = std::span(buffer).first(count);
        if (out.size == 0) {
            const std::string_view start(reinterpret_cast<const char*>(bytes.data()),
                                         std::min(count, magic_within));
            out.marked = start.contains("%PDF-");
        }
        sum.update(bytes);
        out.size += count;
    }
    out.sha256 = sum.finish();
    return out;
}

base::Fault damaged(std::string_view why) {
    return fault("damaged", "ISO 32000-1 section 7.5",
                 "This PDF is damaged or cut off and cannot be read (" +
                     base::quote_for_display(why, 160) +
                     "). Save it again, check that it opens on your computer, and upload it "
                     "again.");
}

PdfJudgement refuse(base::Fault why) {
    return std::unexpected(std::vector{std::move(why)});
}

PdfJudgement inspect(const std::shared_ptr<PdfSource>& input, PdfFacts facts) {
    QPDF pdf;
    pdf.setSuppressWarnings(true);
    try {
        pdf.processInputSource(input);
        Checker checker(pdf, facts);
        checker.run();
        facts.repaired = pdf.anyWarnings();
        auto faults = checker.take_faults();
        if (!faults.empty()) return std::unexpected(std::move(faults));
        return facts;
    } catch (const QPDFExc& failure) {
        if (failure.getErrorCode() != qpdf_e_password) {
            return refuse(damaged(failure.getMessageDetail()));
        }
        return refuse(fault("encrypted", "ISO 32000-1 section 7.6",
                            "This PDF needs a password to be opened. Remove the password and "
                            "upload it again."));
    } catch (const std::exception& failure) {
        return refuse(damaged(failure.what()));
    }
}

}  // namespace

base::Result<PdfJudgement> check_pdf(ByteSource& source, std::uint64_t size_max) {
    ASSAY_TRY(const auto size, source.size());
    if (size > size_max) {
        return refuse(fault("too-large", "ours",
                            "This file has " + std::to_string(size / 1'000'000) +
                                " MB; the limit is " + std::to_string(size_max / 1'000'000) +
                                " MB. Make its images smaller, or split it."));
    }
    if (size == 0) {
        return refuse(fault("empty", "ours",
                            "This file is empty. Check that the upload was complete, and that the "
                            "file opens on your computer."));
    }
    ASSAY_TRY(const auto read, read_all(source, size));
    if (!read.marked) {
        return refuse(fault("not-pdf", "ISO 32000-1 section 7.5.2",
                            "This file is not a PDF, whatever its name says. Save or print the "
                            "document as PDF and upload that."));
    }
    PdfFacts facts;
    facts.size = read.size;
    facts.sha256 = read.sha256;
    const auto input = std::make_shared<PdfSource>(source, facts.size);
    auto out = inspect(input, std::move(facts));
    if (input->failure()) return std::unexpected(*input->failure());
    return out;
}

base::Result<PdfJudgement> check_pdf(const std::filesystem::path& path, std::uint64_t size_max) {
    ASSAY_TRY(const auto file, open_to_read(path));
    FileSource source(file.descriptor());
    return check_pdf(source, size_max);
}

}  // namespace assay::document
