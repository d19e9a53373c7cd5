// Observed<T>: what a look at the world gave. "We could not measure" and "it is not there" are
// different states, and both differ from "it is there, and wrong".
#pragma once

#include <utility>
#include <variant>

#include "base/assert.hpp"
#include "base/fault.hpp"
#include "base/result.hpp"

namespace assay::fact {

enum class Absence {
    no_data,    // the name exists, the thing asked for does not
    nx_domain,  // the name does not exist (RFC 8020: nor does anything below it)
};

template <class T>
class Observed {
  public:
    Observed() = default;  // absent: no_data
    Observed(Absence absence) : state_(absence) {}
    Observed(base::Error error) : state_(std::move(error)) {}
    Observed(base::Fault fault) : state_(std::move(fault)) {}
    Observed(T value) : state_(std::move(value)) {}

    bool is_absent() const { return std::holds_alternative<Absence>(state_); }
    bool is_error() const { return std::holds_alternative<base::Error>(state_); }
    bool is_fault() const { return std::holds_alternative<base::Fault>(state_); }
    bool has_value() const { return std::holds_alternative<T>(state_); }

    Absence absence() const { return get<Absence>(); }
    const base::Error& error() const { return get<base::Error>(); }
    const base::Fault& fault() const { return get<base::Fault>(); }
    const T& value() const { return get<T>(); }
    T& value() { return const_cast<T&>(get<T>()); }
    const T& operator*() const { return value(); }
    const T* operator->() const { return &value(); }

    bool operator==(const Observed&) const = default;

  private:
    template <class State>
    const State& get() const {
        const auto* state = std::get_if<State>(&state_);
        ASSAY_ASSERT(state != nullptr);
        return *state;
    }

    std::variant<Absence, base::Error, base::Fault, T> state_;
};

}  // namespace assay::fact
