// As much of JSON Schema Draft 4 as cases/schema.json and docs/tune.schema.json use.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace faultline::test {

// Why `value` is not what `schema` describes ("/step/0/client: not in enum"), or "". `root` holds
// the definitions. Throws std::runtime_error for a keyword that it does not know: a schema cannot
// say something here that is silently not checked.
[[nodiscard]] std::string violation(const nlohmann::json& root, const nlohmann::json& schema,
                                    const nlohmann::json& value, const std::string& at = "");

}  // namespace faultline::test
