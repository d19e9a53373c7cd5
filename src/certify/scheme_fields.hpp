// The fields of one map of a scheme, and the names that maps define and refer to. Readers ask for
// every field that they know; what is left over is an unknown key.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "certify/scheme_yaml.hpp"

namespace assay::certify {

inline constexpr std::size_t scheme_id_octets_max = 64;  // ours: ids stand in file names and URLs

// What has an id.
enum class Thing {
    organisation_type,
    section,
    question,
    choice,
    group,
    condition,
    document,
    confirmation,
    commitment,
    role,
    reminder,
    text,
    rule,
};

std::string_view print(Thing thing);  // "organisation type"

// Who defines a name and who refers to it.
class Names {
  public:
    explicit Names(Faults& faults) : faults_(faults) {}

    // `scope` keeps the choices of one question apart from those of the next.
    void define(Thing thing, std::string id, const Where& where, std::string_view scope = "");
    void refer(Thing thing, std::string id, const Where& where);
    void keep(const When& when, const Where& where) { whens_.emplace_back(when, where); }

    void report_unknown() const;  // "unknown-rule" and its kind
    bool is_referred(Thing thing, std::string_view id) const;
    Where where(Thing thing, std::string_view id) const;
    const std::vector<std::pair<When, Where>>& whens() const { return whens_; }
    Faults& faults() const { return faults_; }

  private:
    struct Reference {
        Thing thing;
        std::string id;
        Where where;
    };
    Faults& faults_;
    std::map<std::pair<Thing, std::string>, Where> defined_;
    std::vector<Reference> references_;
    std::set<std::pair<Thing, std::string>> referred_;
    std::vector<std::pair<When, Where>> whens_;
};

enum class Need { must, may };

class Fields {
  public:
    // `what` is for messages: "A question".
    Fields(Names& names, const Yaml& map, std::string_view what);

    const Yaml* take(std::string_view key, Need need = Need::may);
    std::string line(std::string_view key, Need need);  // one line of text
    std::string text(std::string_view key, Need need);  // several lines
    bool flag(std::string_view key, bool otherwise);    // true or false
    std::optional<std::int64_t> number(std::string_view key);
    Period period(std::string_view key, Period otherwise);
    std::string id(Thing thing, std::string_view key = "id", std::string_view scope = "");
    std::string refer(std::string_view key, Thing thing, Need need = Need::may);
    std::vector<std::string> lines(std::string_view key);  // a list, or one line
    std::vector<When> when();
    std::span<const Yaml> list(std::string_view key, Need need = Need::may);

    template <class Word, std::size_t count>
    Word word(std::string_view key, const std::array<std::pair<std::string_view, Word>, count>& all,
              Word otherwise);

    void done();  // after the last field
    void fault(const Where& where, std::string_view rule, std::string detail) const;
    const Where& where() const { return map_.where; }
    Names& names() const { return names_; }

  private:
    std::string scalar(const Yaml& value, std::string_view key, bool lines_allowed) const;
    void unknown_word(const Yaml& value, std::string_view key,
                      std::span<const std::string_view> all) const;

    Names& names_;
    const Yaml& map_;
    std::string what_;
    std::vector<std::string_view> known_;
};

// "12 months", "90 days", "1 year 6 months"; nothing for anything else and for no time at all.
std::optional<Period> parse_period(std::string_view text);

template <class Word, std::size_t count>
Word Fields::word(std::string_view key,
                  const std::array<std::pair<std::string_view, Word>, count>& all, Word otherwise) {
    const auto* value = take(key);
    if (value == nullptr) return otherwise;
    std::vector<std::string_view> words;
    for (const auto& [text, word] : all) {
        if (value->kind == Yaml::Kind::scalar && value->text == text) return word;
        words.push_back(text);
    }
    unknown_word(*value, key, words);
    return otherwise;
}

}  // namespace assay::certify
