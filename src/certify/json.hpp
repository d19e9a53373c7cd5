// Values to JSON and back by their members (Boost.Describe). A member that is missing keeps its
// default, so that a document of an older version is still read; one that nobody knows is an error.
#pragma once

#include <fmt/format.h>

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "certify/calendar.hpp"

namespace assay::certify {

namespace json = boost::json;

// Travels by exception inside from_json only: recursion over types has no place for a Result.
struct BadJson {
    std::string what;
};

struct JsonWriter {
    static json::value write(const std::string& text) { return json::string(text); }
    static json::value write(bool value) { return value; }
    static json::value write(base::Moment moment) { return json::string(base::print(moment)); }
    static json::value write(Date date) { return json::string(certify::print(date)); }
    static json::value write(const json::value& value) { return value; }
    static json::value write(const json::object& value) { return value; }
    template <class T>
        requires std::is_arithmetic_v<T>
    static json::value write(T number) {
        return static_cast<std::int64_t>(number);
    }
    template <class T>
    static json::value write(const std::optional<T>& value) {
        return value ? write(*value) : json::value(nullptr);
    }
    template <class T>
    static json::value write(const std::vector<T>& values) {
        json::array out;
        for (const auto& value : values)
            out.push_back(write(value));
        return out;
    }
    template <class T>
    static json::value write(const std::map<std::string, T>& values) {
        json::object out;
        for (const auto& [name, value] : values)
            out[name] = write(value);
        return out;
    }
    template <class T>
        requires std::is_enum_v<T>
    static json::value write(T value) {
        return json::string(boost::describe::enum_to_string(value, ""));
    }
    template <class T>
        requires boost::describe::has_describe_members<T>::value
    static json::value write(const T& value) {
        json::object out;
        using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
        boost::mp11::mp_for_each<Members>(
            [&](auto member) { out[member.name] = write(value.*member.pointer); });
        return out;
    }
};

struct JsonReader {
    [[noreturn]] static void bad(std::string_view where, std::string_view what,
                                 const json::value& in) {
        throw BadJson{fmt::format("'{}' must be {}, not {}", where, what,
                                  base::quote_for_display(json::serialize(in), 60))};
    }
    static std::string text_of(std::string_view where, const json::value& in) {
        const auto* text = in.if_string();
        if (text == nullptr) bad(where, "a text", in);
        return std::string(*text);
    }
    static void read(std::string_view where, const json::value& in, std::string& out) {
        out = text_of(where, in);
    }
    static void read(std::string_view where, const json::value& in, bool& out) {
        if (!in.is_bool()) bad(where, "true or false", in);
        out = in.get_bool();
    }
    static void read(std::string_view where, const json::value& in, base::Moment& out) {
        const auto read = base::parse_moment(text_of(where, in));
        if (!read) bad(where, "a time such as 2026-11-23T10:00:00Z", in);
        out = *read;
    }
    static void read(std::string_view where, const json::value& in, Date& out) {
        const auto read = parse_date(text_of(where, in));
        if (!read) bad(where, "a date such as 2026-11-23", in);
        out = *read;
    }
    static void read(std::string_view, const json::value& in, json::value& out) { out = in; }
    static void read(std::string_view where, const json::value& in, json::object& out) {
        if (!in.is_object()) bad(where, "an object", in);
        out = in.get_object();
    }
    template <class T>
        requires std::is_arithmetic_v<T>
    static void read(std::string_view where, const json::value& in, T& out) {
        boost::system::error_code failure;
        out = in.to_number<T>(failure);
        if (failure) bad(where, "a whole number in range", in);
    }
    template <class T>
    static void read(std::string_view where, const json::value& in, std::optional<T>& out) {
        out.reset();
        if (!in.is_null()) read(where, in, out.emplace());
    }
    template <class T>
    static void read(std::string_view where, const json::value& in, std::vector<T>& out) {
        const auto* array = in.if_array();
        if (array == nullptr) bad(where, "a list", in);
        out.clear();
        for (const auto& value : *array)
            read(where, value, out.emplace_back());
    }
    template <class T>
    static void read(std::string_view where, const json::value& in, std::map<std::string, T>& out) {
        const auto* object = in.if_object();
        if (object == nullptr) bad(where, "an object", in);
        out.clear();
        for (const auto& [name, value] : *object)
            read(name, value, out[std::string(name)]);
    }
    template <class T>
        requires std::is_enum_v<T>
    static void read(std::string_view where, const json::value& in, T& out) {
        if (boost::describe::enum_from_string(text_of(where, in).c_str(), out)) return;
        std::string words;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto word) {
            if (!words.empty()) words += ", ";
            words += word.name;
        });
        bad(where, "one of " + words, in);
    }
    template <class T>
        requires boost::describe::has_describe_members<T>::value
    static void read(std::string_view where, const json::value& in, T& out) {
        const auto* object = in.if_object();
        if (object == nullptr) bad(where, "an object", in);
        std::size_t known = 0;
        using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
        boost::mp11::mp_for_each<Members>([&](auto member) {
            if (const auto* value = object->if_contains(member.name)) {
                ++known;
                read(member.name, *value, out.*member.pointer);
            }
        });
        if (known != object->size()) refuse_unknown<T>(where, *object);
    }
    template <class T>
    [[noreturn]] static void refuse_unknown(std::string_view where, const json::object& object) {
        std::string names;
        std::vector<std::string_view> known;
        using Members = boost::describe::describe_members<T, boost::describe::mod_public>;
        boost::mp11::mp_for_each<Members>([&](auto member) {
            if (!names.empty()) names += ", ";
            names += member.name;
            known.push_back(member.name);
        });
        for (const auto& [name, value] : object) {
            if (std::ranges::find(known, std::string_view(name)) == known.end()) {
                throw BadJson{fmt::format("'{}' has no member '{}'. It has {}", where,
                                          base::quote_for_display(name, 60), names)};
            }
        }
        throw BadJson{fmt::format("'{}' has a member twice", where)};
    }
};

template <class T>
json::value to_json(const T& value) {
    return JsonWriter::write(value);
}

// Error: usage. `what` names the whole in messages.
template <class T>
base::Result<T> from_json(const json::value& in, std::string_view what) {
    try {
        T out{};
        JsonReader::read(what, in, out);
        return out;
    } catch (const BadJson& found) {
        return base::fail(base::ErrorKind::usage, found.what);
    }
}

}  // namespace assay::certify
