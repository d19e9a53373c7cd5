// Members of JSON objects that others wrote.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace assay::codec {

// The text of a member; empty where it is missing or of another type.
inline std::string text_member(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* text = value != nullptr ? value->if_string() : nullptr;
    return text != nullptr ? std::string(*text) : std::string();
}

}  // namespace assay::codec
