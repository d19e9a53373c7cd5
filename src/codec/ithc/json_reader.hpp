// JSON as a stream of bounded records, found by their path.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "codec/ithc/node.hpp"

namespace assay::codec::ithc {

// Paths: member names and "*" for an item of an array, joined by "/": "runs/*/results/*".
class JsonMapper {
  public:
    virtual ~JsonMapper() = default;
    virtual bool wants(std::string_view path) = 0;
    virtual bool skips(std::string_view member) = 0;  // inside of a record: images and the like
    virtual void open(std::string_view) {}            // an object outside of records begins
    virtual base::Result<void> close(std::string_view) { return {}; }
    virtual void scalar(std::string_view, std::string_view) {}  // outside of records: path, text
    virtual base::Result<void> record(std::string_view path, Node record) = 0;
    virtual base::Result<void> finish() { return {}; }
};

// Errors: malformed (with the byte where the reading stopped), limit.
class JsonReader {
  public:
    explicit JsonReader(JsonMapper& mapper);
    ~JsonReader();
    JsonReader(const JsonReader&) = delete;
    JsonReader& operator=(const JsonReader&) = delete;

    base::Result<void> feed(std::string_view chunk);
    base::Result<void> finish();
    std::uint64_t cut_texts() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace assay::codec::ithc
