// Zone files from disk into a ZoneSet: master files, OctoDNS YAML files, and folders of either.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/zone_set.hpp"

namespace assay::net {

inline constexpr std::size_t zone_files_max = 1'000'000;  // ours: an estate of that many zones

struct ZoneFiles {
    ZoneSet zones;
    std::vector<codec::zone::Problem> warnings;
};

// `*.yaml` and `*.yml` are OctoDNS, the zone's name is the file's; everything else is a master file
// (RFC 1035 section 5). In folders only *.yaml, *.yml, *.zone, *.db and *.txt are read, and not
// below them. Several threads read; zones and warnings come in the order of the files. Error:
// usage, naming file and line, of the first file that has one.
base::Result<ZoneFiles> read_zone_files(const std::vector<std::string>& paths, bool allow_include,
                                        unsigned threads = 1);

}  // namespace assay::net
