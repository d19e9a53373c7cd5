// Reads the parts of a scheme from its YAML, and looks at what only the whole can show.
#pragma once

#include "certify/scheme_fields.hpp"

namespace assay::certify {

// Where the parts without an id stand.
struct Places {
    std::vector<Where> signatories;
    std::vector<std::pair<unsigned, Where>> steps_of_sections;
    std::set<std::string, std::less<>> enforced;  // rules that nothing has to name
    Where templates;
};

// What may stand in {braces} in a template.
inline constexpr std::array template_placeholders{
    std::string_view("organisation"), std::string_view("certificate"), std::string_view("expires"),
    std::string_view("number"),       std::string_view("question"),    std::string_view("due"),
    std::string_view("owner"),        std::string_view("action"),      std::string_view("finish"),
    std::string_view("url"),          std::string_view("reason"),      std::string_view("scheme"),
    std::string_view("date"),         std::string_view("name")};

// Letters that commands send by these names; reminders name theirs.
inline constexpr std::array letters{std::string_view("received"),
                                    std::string_view("incomplete"),
                                    std::string_view("question"),
                                    std::string_view("question-reminder"),
                                    std::string_view("issues"),
                                    std::string_view("achieved"),
                                    std::string_view("not-achieved"),
                                    std::string_view("plan-agreed"),
                                    std::string_view("withdrawn"),
                                    std::string_view("suspended"),
                                    std::string_view("resumed"),
                                    std::string_view("contact-change-old"),
                                    std::string_view("contact-change-new"),
                                    std::string_view("contact-change-team"),
                                    std::string_view("technical-claim"),
                                    std::string_view("countersign"),
                                    std::string_view("incident-team"),
                                    std::string_view("lapsed"),
                                    std::string_view("declined"),
                                    std::string_view("interim"),
                                    std::string_view("disconnect"),
                                    std::string_view("scope-change"),
                                    std::string_view("scope-decided")};

void read_head(Fields& root, Scheme& scheme, Places& places);
void read_questions(Fields& root, Scheme& scheme);
void read_conditions(Fields& root, Scheme& scheme);
void read_documents(Fields& root, Scheme& scheme);
void read_people(Fields& root, Scheme& scheme, Places& places);
void read_texts(Fields& root, Scheme& scheme, Places& places);
void read_rules(Fields& root, Scheme& scheme, Places& places);

void check_whole(const Scheme& scheme, const Names& names, const Places& places);

}  // namespace assay::certify
