// A reader of JSON, RFC 8259: one object, in place. Integers are kept whole to 64 bits, which a
// stream's seed needs and a double has not.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_type {
  JSON_NULL,
  JSON_BOOL,
  JSON_INTEGER,
  JSON_OTHER_NUMBER,
  JSON_STRING,
  JSON_ARRAY,
  JSON_OBJECT,
};

struct json {
  enum json_type type;
  const char* key;   // of an object's member; else NULL
  const char* text;  // of a string; it may hold zero bytes: see `length`
  size_t length;
  uint64_t magnitude;  // of an integer
  bool negative;
  struct json *first, *next;  // an object's or array's members
};

// Reads the object that `line` holds, or NULL where it holds something else. Texts point into
// `line`, which is changed and must outlive the result.
struct json* json_parse(char* line, size_t length);
void json_free(struct json* value);

// The member of that name, or NULL; a member that is null counts as absent.
const struct json* json_member(const struct json* object, const char* key);
