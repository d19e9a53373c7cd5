// Where the compliance process happens: one command of one person at one moment, in one
// transaction with its audit event. The command line and the web pages both come through here.
#pragma once

#include <functional>
#include <span>

#include "certify/clock.hpp"
#include "certify/issuing.hpp"
#include "certify/rules.hpp"
#include "certify/store.hpp"

namespace assay::certify {

struct Request {
    std::string actor;  // id of a Person; who that is has been made sure of by the caller
    std::string command;
    json::object body;
    base::Moment at{};
    // The version of the case (organisation, certificate) that the actor saw; another: conflict.
    std::optional<std::uint64_t> version;
};

struct Reply {
    json::object body;
    bool done = true;  // false: refused by a rule; the body says by which, and nothing changed
};

// What a command is, and who may use it: for help texts, pages, and the tests of both.
struct CommandInfo {
    std::string_view name;
    std::vector<Role> roles;
    // What body must name: "case", "organisation", "certificate", "incident" or nothing.
    std::string_view target;
    bool writes = true;
    std::string_view what;  // a sentence
};

class Office {
  public:
    // Everything borrowed must outlive the office. `random` gives 32 bits that nobody can guess.
    Office(Store& store, std::span<const Scheme> schemes, const Issuing& issuing,
           std::function<std::uint32_t()> random);

    // Errors: usage (the command or its body is wrong, or comes at the wrong time), not_found
    // (also for what is not this person's to see), conflict, server, internal.
    base::Result<Reply> run(const Request& request);

    static std::vector<CommandInfo> commands();

    // The first person of an empty store, who can add the others.
    base::Result<void> found(const Person& operations, base::Moment at);

  private:
    Store* store_;
    std::span<const Scheme> schemes_;
    const Issuing* issuing_;
    std::function<std::uint32_t()> random_;
};

}  // namespace assay::certify
