// Reads the parts of a scheme from its YAML, and looks at what only the whole can show.
#pragma once

#include "certify/scheme_fields.hpp"

namespace assay::certify {

// Where the parts without an id stand.
struct Places {
    std::vector<Where> signatories;
    std::vector<std::pair<unsigned, Where>> steps_of_sections;
    std::set<std::string, std::less<>> enforced;  // rules that nothing has to name
};

// What may stand in {braces} in a template.
inline constexpr std::array template_placeholders{
    std::string_view("organisation"), std::string_view("certificate"), std::string_view("expires"),
    std::string_view("number"),       std::string_view("question"),    std::string_view("due"),
    std::string_view("owner"),        std::string_view("action"),      std::string_view("finish"),
    std::string_view("url"),          std::string_view("reason"),      std::string_view("scheme"),
    std::string_view("date"),         std::string_view("name")};

void read_head(Fields& root, Scheme& scheme, Places& places);
void read_questions(Fields& root, Scheme& scheme);
void read_conditions(Fields& root, Scheme& scheme);
void read_documents(Fields& root, Scheme& scheme);
void read_people(Fields& root, Scheme& scheme, Places& places);
void read_texts(Fields& root, Scheme& scheme);
void read_rules(Fields& root, Scheme& scheme, Places& places);

void check_whole(const Scheme& scheme, const Names& names, const Places& places);

}  // namespace assay::certify
