#include "certify/model.hpp"

#include <algorithm>
#include <array>

#include "crypto/sha256.hpp"

namespace assay::certify {

std::string hash_of(const Event& event) {
    json::object whole = to_json(event).get_object();
    whole.erase("hash");
    return crypto::sha256_hex(json::serialize(whole));
}

std::string_view print(CaseState state) {
    return boost::describe::enum_to_string(state, "");
}

bool is_open(CaseState state) {
    constexpr std::array closed{CaseState::achieved, CaseState::not_achieved,
                                CaseState::withdrawn_by_applicant, CaseState::lapsed};
    return std::ranges::find(closed, state) == closed.end();
}

bool is_with_applicant(CaseState state) {
    return state == CaseState::draft || state == CaseState::awaiting_signature ||
           state == CaseState::ready;
}

}  // namespace assay::certify
