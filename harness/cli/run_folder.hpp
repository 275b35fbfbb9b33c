// The folders that a run writes into: nobody else's while it lasts, and without results of another
// run that somebody could want to keep.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"

namespace faultline {

class RunFolders {
 public:
  // Below `scratch` everything may be overwritten, with `force` everywhere.
  RunFolders(std::filesystem::path scratch, bool force)
      : scratch_(std::move(scratch)), force_(force) {}

  enum class Results : uint8_t {
    traces,    // a folder holds results where there is a trace in it or anywhere below
    anything,  // or where it is not empty
  };

  // Makes the folder and locks it; the lock goes with this, or with the process. Refused: what
  // cannot be made or written, what another run has locked, what holds results. `option`: how
  // another folder is named.
  [[nodiscard]] Result<void> claim(const std::filesystem::path& folder, Results results,
                                   std::string_view option);

 private:
  [[nodiscard]] bool may_be_overwritten(const std::filesystem::path& folder) const;

  std::filesystem::path scratch_;
  bool force_;
  std::vector<Fd> locks_;
  std::vector<std::filesystem::path> locked_;
};

}  // namespace faultline
