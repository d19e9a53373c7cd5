// One finding of an IT health check, in the words of the tool that reported it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::codec::ithc {

enum class Severity : std::uint8_t { unknown, informational, low, medium, high, critical };
enum class Status : std::uint8_t { open, fixed, accepted };

std::string_view print(Severity severity);  // "informational"
std::string_view print(Status status);      // "open"

struct Cvss {
    std::string vector;  // as written
    std::string score;   // as written, which may be outside 0 to 10
    bool operator==(const Cvss&) const = default;
};

// What the file says, never changed. The text is the level that the tool shows first: a word, or
// a digit where the file has digits only.
struct Reported {
    std::string text;
    std::string number;       // where the file has a number as well
    std::string risk_factor;  // where the file has a second opinion (Nessus)
    bool operator==(const Reported&) const = default;
};

struct Asset {
    std::string ip;
    std::string hostname;  // the name under which it was scanned
    std::string fqdn;
    std::string os;
    std::string port;  // "443"; empty where the finding is about the host
    std::string protocol;
    std::string service;
    std::string url;
    bool operator==(const Asset&) const = default;
};

struct Finding {
    std::string tool;
    std::string tool_id;    // plugin, QID, rule, type
    std::string sub_check;  // what tells apart two findings of one plugin: a compliance check
    std::string title;
    std::string description;
    std::string impact;
    std::string recommendation;
    std::vector<std::string> references;
    Reported reported;
    Severity severity = Severity::unknown;  // derived; see severity.hpp
    Cvss cvss2, cvss3, cvss4;
    std::vector<std::string> cve;  // upper case, each once, in order
    std::vector<std::string> cwe;  // "CWE-79"
    Asset asset;
    std::string evidence;
    std::string first_seen;  // as written
    std::string last_seen;
    Status status = Status::open;
    std::string confidence;
    bool disagreement = false;  // the severity, the risk factor and the CVSS band do not agree
    std::string disagreement_detail;

    bool operator==(const Finding&) const = default;
};

// The same finding in the next report has the same key: tool, tool id, sub-check, asset, port and
// URL. Parts are joined by "|"; "|", "%" and control bytes inside a part are percent-encoded, so
// two different findings never share a key. The asset is its address and its scanned name; its
// DNS name only where there is neither, because DNS names come and go between scans.
std::string identity_key(const Finding& finding);

// The same weakness on all hosts: tool and tool id (the title where the tool gives no id).
std::string grouping_key(const Finding& finding);

}  // namespace assay::codec::ithc
