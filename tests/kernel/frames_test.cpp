#include "harness/kernel/frames.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace faultline {
namespace {

using Kind = Frame::Kind;

std::vector<Frame> fed(FrameReader& reader, std::string_view bytes, size_t piece) {
  std::vector<Frame> frames;
  for (size_t at = 0; at < bytes.size(); at += piece) {
    const auto done = reader.feed(bytes.substr(at, piece),
                                  [&](Frame frame) { frames.push_back(std::move(frame)); });
    EXPECT_TRUE(done) << done.error().what;
  }
  return frames;
}

TEST(Frames, AreReadAsTheyWereWrittenWhateverThePieces) {
  const std::vector<Frame> all{{Kind::up, 0, "6.12.117 250"},
                               {Kind::began, 7, ""},
                               {Kind::trace, 7, "two\nlines\n and a nul \0."},
                               {Kind::failed, 123456, "why\n"},
                               {Kind::done, 0, "1"}};
  std::string bytes;
  for (const Frame& frame : all) bytes += encode(frame);
  for (const size_t piece : {size_t{1}, size_t{3}, bytes.size()}) {
    FrameReader reader;
    EXPECT_EQ(fed(reader, bytes, piece), all) << piece;
  }
}

TEST(Frames, ThatAreNotWholeWait) {
  FrameReader reader;
  const std::string bytes = encode({Kind::trace, 1, "body"});
  EXPECT_TRUE(fed(reader, bytes.substr(0, bytes.size() - 1), 100).empty());
  EXPECT_EQ(fed(reader, bytes.substr(bytes.size() - 1), 100).size(), 1);
}

TEST(Frames, GarbageEndsTheReading) {
  for (const char* garbage :
       {"what 0 0\n", "trace x 0\n", "trace 0\n", "trace 0 -1\n", "trace 0 99999999999\n",
        "no end of a line that goes on for longer than any head of a frame can be, on and on"}) {
    FrameReader reader;
    const auto ignore = [](const Frame&) { ADD_FAILURE() << "no frame"; };
    const auto done = reader.feed(garbage, ignore);
    ASSERT_FALSE(done) << garbage;
    EXPECT_NE(done.error().what.find("garbage"), std::string::npos) << done.error().what;
    EXPECT_FALSE(reader.feed(encode({Kind::done, 0, ""}), ignore)) << "it stays broken";
  }
}

}  // namespace
}  // namespace faultline
