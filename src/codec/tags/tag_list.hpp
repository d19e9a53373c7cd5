// The tag lists that mail's DNS records share, "name=value; name=value": cutting them up with
// offsets, and recognising the mistakes that people make in all of them. Each language (DMARC,
// MTA-STS, TLS-RPT, DKIM keys) says itself what a name or a value may be.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.hpp"

namespace assay::codec::tags {

inline constexpr std::size_t text_octets_max = 65'535;  // RFC 1035 section 3.2.1: RDLENGTH
inline constexpr std::size_t parts_max = 100;           // ours: ten times what any record has
inline constexpr std::size_t faults_per_rule_max = 20;  // ours: nobody reads more of one kind
inline constexpr std::size_t word_octets_max = 24;      // ours: longer words are no typing mistake

// What stands between two semicolons. All views are into the text that was split.
struct Part {
    std::string_view text;   // without blanks around it; may be empty
    std::string_view name;   // before the first "=", without blanks; all of `text` without one
    std::string_view value;  // behind it, without blanks
    std::size_t offset = 0;  // of `text`, so of `name`
    std::size_t value_offset = 0;  // of `value`
    bool has_value = false;        // there is an "="
    bool blank_before_equals = false, blank_after_equals = false;
    bool terminated = false;  // a semicolon follows
};

// The parts in order. What follows a final semicolon is a part only if it is more than blanks.
std::vector<Part> split(std::string_view text);

// Without leading and trailing space and tab: the WSP of RFC 5234, so no line ends.
std::string_view trim_blanks(std::string_view text);

// One of the languages.
struct Language {
    std::string_view version;                 // "v=DMARC1"
    std::string_view keyword;                 // "dmarc": texts that have it are meant to be in it
    std::span<const std::string_view> names;  // the tags that it knows, "v" included
    std::string_view cite;                    // of its grammar
};

// Was the text meant to be in `language`, whether or not it claims?
bool resembles(std::string_view text, const Language& language);

// A tag that stands inside the value of another one because no semicolon ends that.
struct HiddenTag {
    std::string name;  // in lower case
    base::Fault fault;
};
std::vector<HiddenTag> hidden_tags(const Part& part, const Language& language);

// Mistakes inside one part that belong to no tag in particular, in order of offset; when there is
// one, it explains why the value is no good. Rules: control-byte, non-ascii (curly quotes and
// invisible characters are named), quote-mark (around a value), escaped-separator ("\;" left over
// from a zone file), and those of hidden tags: missing-separator (a blank or a comma before a tag
// that the language knows) and joined-records (the version again).
std::vector<base::Fault> inspect(const Part& part, const Language& language);

// Why a text that should be in `language` does not begin as it must: rule bad-version.
base::Fault explain_version(std::string_view text, const Language& language);

// The word that was probably meant: one slip of the fingers away, two in words of more than 5
// letters; without regard to case. Empty when there is none, or when `word` is one of them.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

// A name and a value of the extensions that RFC 8461 section 3.1 and RFC 8460 section 3 allow.
bool is_extension_name(std::string_view name);
bool is_extension_value(std::string_view value);

// For sentences: the text in quote marks, shortened.
std::string quoted(std::string_view text);

// Cuts the list at `parts_max`, with the fault too-many-tags.
class FaultList;
void limit_parts(std::vector<Part>& parts, const Language& language, FaultList& faults);

// Faults as they are found; handed over in order of offset, at most `faults_per_rule_max` of a
// rule.
class FaultList {
  public:
    void add(base::Fault fault);
    void add(std::string_view rule, std::string_view cite, std::size_t offset, std::string detail);
    std::vector<base::Fault> take() { return std::move(faults_); }

  private:
    std::vector<base::Fault> faults_;
};

}  // namespace assay::codec::tags
