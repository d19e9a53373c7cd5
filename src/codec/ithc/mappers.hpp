// One mapper a format: from records to findings. Chosen by make_..., driven by the reader.
#pragma once

#include <memory>

#include "codec/csv/reader.hpp"
#include "codec/ithc/emitter.hpp"
#include "codec/ithc/json_reader.hpp"
#include "codec/ithc/xml_reader.hpp"

namespace assay::codec::ithc {

// Nothing for a format of another family. The emitter outlives the mapper.
std::unique_ptr<XmlMapper> make_xml_mapper(Format format, Emitter& emitter);
std::unique_ptr<XmlMapper> make_joined_mapper(Format format, Emitter& emitter);  // used by it
std::unique_ptr<JsonMapper> make_json_mapper(Format format, Emitter& emitter);

// Rows of CSV to findings; the first record that looks like a header is one.
class CsvMapper {
  public:
    CsvMapper(Format format, Emitter& emitter) : format_(format), emitter_(emitter) {}
    base::Result<void> row(const csv::Record& record);
    base::Result<void> finish() const;

  private:
    Format format_;
    Emitter& emitter_;
    std::vector<std::string> header_;
    std::size_t rows_before_ = 0;
};

// Is the record the header of this format? Used to sniff, too.
bool is_header(Format format, const std::vector<std::string>& cells);

}  // namespace assay::codec::ithc
