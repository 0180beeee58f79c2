// Reports and golden files of harness/report/testdata, for tests.
#ifndef HARNESS_REPORT_SAMPLE_REPORT_H_
#define HARNESS_REPORT_SAMPLE_REPORT_H_

#include <string>
#include <string_view>

#include "harness/proto/report.pb.h"

namespace goleakstress::report {

// testdata/NAME.textproto.
Report SampleReport(std::string_view name);

// A test failure unless testdata/FILE holds exactly this. With GLS_UPDATE_GOLDEN in the environment the file
// is written instead: read the difference before you commit it.
void ExpectGolden(std::string_view file, std::string_view actual);

// A report whose every text is hostile: escapes, line feeds, broken UTF-8, and one of `size` bytes.
Report HostileReport(size_t size);

std::string ReadText(const std::string& path);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_SAMPLE_REPORT_H_
