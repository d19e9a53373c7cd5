// Reads the terms of an SPF record one by one (RFC 7208 section 4.6.1); used by lint() alone.
#pragma once

#include "codec/spf/record.hpp"
#include "codec/tags/tag_list.hpp"

namespace assay::codec::spf {

class TermReader {
  public:
    TermReader(Record& record, tags::FaultList& faults) : record_(record), faults_(faults) {}

    void read(std::string_view term, std::size_t offset);

  private:
    void add(std::string_view rule, std::string_view cite, std::size_t offset, std::string detail);
    void read_modifier(std::string_view term, std::size_t equals, std::size_t offset);
    void read_directive(std::string_view term, std::size_t offset);
    void unknown_mechanism(std::string_view term, std::string_view name, std::size_t offset);
    bool read_network(Directive& directive, std::string_view value, std::size_t offset);
    bool read_domain(Directive& directive, std::string_view rest, std::size_t offset);
    bool read_prefixes(Directive& directive, std::string_view cidr, std::size_t offset);
    void check_network_bits(const Directive& directive);

    Record& record_;
    tags::FaultList& faults_;
};

}  // namespace assay::codec::spf
