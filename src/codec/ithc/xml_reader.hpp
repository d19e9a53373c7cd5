// XML as a stream of bounded records. What a file from outside could do to a parser is refused:
// entities, external subsets that are fetched, endless depth, attributes, tokens.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "codec/ithc/node.hpp"

namespace assay::codec::ithc {

// What a format wants of the stream; one for each.
class XmlMapper {
  public:
    virtual ~XmlMapper() = default;
    // Is this element, outside of a record, the begin of one?
    virtual bool wants(std::string_view name, std::string_view parent) = 0;
    // Is this element left out with everything in it? (Requests in base64.)
    virtual bool skips(std::string_view) { return false; }
    // Elements outside of records; the node has the attributes only.
    virtual void open(const Node&) {}
    virtual void close(std::string_view) {}
    virtual base::Result<void> record(Node record, std::string_view parent) = 0;
    virtual base::Result<void> finish() { return {}; }
};

// A document type declaration is let through when it declares no entity (Burp, Qualys and Nmap
// write one); it is never fetched, its default attributes are not used.
//
// Errors: malformed (not well-formed XML, with line and column; an entity is declared), limit.
class XmlReader {
  public:
    explicit XmlReader(XmlMapper& mapper);
    ~XmlReader();
    XmlReader(const XmlReader&) = delete;
    XmlReader& operator=(const XmlReader&) = delete;

    base::Result<void> feed(std::string_view chunk);
    base::Result<void> finish();
    std::uint64_t cut_texts() const;  // texts shortened so that a record stays within its limit

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace assay::codec::ithc
