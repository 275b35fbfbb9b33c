// A folder for the files of one guest, gone with all its content when this object is.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "harness/util/error.hpp"

namespace faultline {

class GuestFolder {
 public:
  // A new one below $TMPDIR or /tmp, the first of the two that can be written and whose path has no
  // spaces, for which a UML kernel asks. One that runs programs is preferred: kernels without our
  // recipe's mends keep their memory in it. Error: neither will do; says what to do.
  [[nodiscard]] static Result<GuestFolder> make();
  GuestFolder(GuestFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  GuestFolder& operator=(GuestFolder&&) = delete;
  ~GuestFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // "why"; where nothing more can be written there, with that and what to do about it.
  [[nodiscard]] std::string explained(std::string why) const;

 private:
  explicit GuestFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace faultline
