// What happened in a run as a Mermaid sequence diagram, which GitHub and GitLab draw.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultline {

// From a result's story: segments as arrows from end to end or, where the wire did something to
// them, to the wire and from it; everything else as notes. Of a long story its beginning and its
// end.
[[nodiscard]] std::string mermaid_sequence(const std::vector<std::string>& story);

// Any text as the text of a message or a note, with nothing in it that means something to Mermaid.
[[nodiscard]] std::string mermaid_text(std::string_view any);

}  // namespace faultline
