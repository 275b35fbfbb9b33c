#include "json.h"

#include <stdlib.h>
#include <string.h>

// Deeper than any request; bounds the recursion.
enum { MAX_DEPTH = 16 };

struct reader {
  char *at, *end;
};

static struct json* read_value(struct reader* r, int depth);

static bool more(const struct reader* r) {
  return r->at < r->end;
}

static void skip_space(struct reader* r) {
  while (more(r) && strchr(" \t\n\r", *r->at) && *r->at != '\0') r->at++;
}

static bool take(struct reader* r, char wanted) {
  skip_space(r);
  if (!more(r) || *r->at != wanted) return false;
  r->at++;
  return true;
}

static bool take_word(struct reader* r, const char* word) {
  const size_t length = strlen(word);
  if ((size_t)(r->end - r->at) < length || memcmp(r->at, word, length) != 0) return false;
  r->at += length;
  return true;
}

// Four hexadecimal digits; -1 where there are none.
static long read_hex(struct reader* r) {
  long value = 0;
  for (int i = 0; i < 4; i++, r->at++) {
    const char* digits = "0123456789abcdef";
    const char* digit = more(r) && *r->at != '\0' ? strchr(digits, *r->at | 0x20) : NULL;
    if (digit == NULL) return -1;
    value = value * 16 + (digit - digits);
  }
  return value;
}

// What follows "\u": a code point, perhaps of two surrogates; -1 where it is none.
static long read_code_point(struct reader* r) {
  const long first = read_hex(r);
  if (first < 0xd800 || first > 0xdfff) return first;
  if (first > 0xdbff || !take_word(r, "\\u")) return -1;
  const long second = read_hex(r);
  if (second < 0xdc00 || second > 0xdfff) return -1;
  return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

static char* put_utf8(char* to, long code) {
  if (code < 0x80) {
    *to++ = (char)code;
    return to;
  }
  const int following = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const int mark = following == 1 ? 0xc0 : following == 2 ? 0xe0 : 0xf0;
  *to++ = (char)(mark | (code >> (6 * following)));
  for (int i = following - 1; i >= 0; i--) *to++ = (char)(0x80 | ((code >> (6 * i)) & 0x3f));
  return to;
}

// Reads an escape sequence behind its backslash into `to`; NULL where it is none.
static char* read_escape(struct reader* r, char* to) {
  static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  const char letter = more(r) ? *r->at++ : '\0';
  if (letter == 'u') {
    const long code = read_code_point(r);
    return code < 0 ? NULL : put_utf8(to, code);
  }
  const char* found = letter != '\0' ? strchr(names, letter) : NULL;
  if (found == NULL) return NULL;
  *to = values[found - names];
  return to + 1;
}

// A string, unescaped in its own place, which is never shorter; ended by a zero byte.
static const char* read_string(struct reader* r, size_t* length) {
  if (!take(r, '"')) return NULL;
  char* const start = r->at;
  char* to = start;
  while (more(r) && *r->at != '"') {
    if ((unsigned char)*r->at < 0x20) return NULL;
    if (*r->at != '\\') {
      *to++ = *r->at++;
      continue;
    }
    r->at++;
    to = read_escape(r, to);
    if (to == NULL) return NULL;
  }
  if (!take(r, '"')) return NULL;
  *to = '\0';
  *length = (size_t)(to - start);
  return start;
}

static bool read_digits(struct reader* r) {
  const char* const start = r->at;
  while (more(r) && *r->at >= '0' && *r->at <= '9') r->at++;
  return r->at > start;
}

static bool read_number(struct reader* r, struct json* value) {
  value->negative = take_word(r, "-");
  const char* const digits = r->at;
  if (!read_digits(r) || (*digits == '0' && r->at - digits > 1)) return false;
  value->type = JSON_INTEGER;
  for (const char* digit = digits; digit < r->at; digit++) {
    if (__builtin_mul_overflow(value->magnitude, 10, &value->magnitude) ||
        __builtin_add_overflow(value->magnitude, *digit - '0', &value->magnitude)) {
      value->type = JSON_OTHER_NUMBER;
    }
  }
  if (take_word(r, ".")) {
    value->type = JSON_OTHER_NUMBER;
    if (!read_digits(r)) return false;
  }
  if (take_word(r, "e") || take_word(r, "E")) {
    value->type = JSON_OTHER_NUMBER;
    if (!take_word(r, "+")) take_word(r, "-");
    return read_digits(r);
  }
  return true;
}

static bool read_members(struct reader* r, struct json* value, char closing, int depth) {
  r->at++;
  if (take(r, closing)) return true;
  struct json** last = &value->first;
  do {
    size_t length = 0;
    const char* key = NULL;
    if (closing == '}' && ((key = read_string(r, &length)) == NULL || !take(r, ':'))) return false;
    struct json* const member = read_value(r, depth);
    if (member == NULL) return false;
    member->key = key;
    *last = member;
    last = &member->next;
  } while (take(r, ','));
  return take(r, closing);
}

static bool read_into(struct reader* r, struct json* value, int depth) {
  if (!more(r) || depth == 0) return false;
  switch (*r->at) {
    case '{':
      value->type = JSON_OBJECT;
      return read_members(r, value, '}', depth - 1);
    case '[':
      value->type = JSON_ARRAY;
      return read_members(r, value, ']', depth - 1);
    case '"':
      value->type = JSON_STRING;
      value->text = read_string(r, &value->length);
      return value->text != NULL;
    case 'n':
      return take_word(r, "null");
    case 't':
    case 'f':
      value->type = JSON_BOOL;
      return take_word(r, "true") || take_word(r, "false");
    default:
      return read_number(r, value);
  }
}

static struct json* read_value(struct reader* r, int depth) {
  struct json* const value = calloc(1, sizeof *value);
  if (value == NULL) abort();
  skip_space(r);
  if (read_into(r, value, depth)) return value;
  json_free(value);
  return NULL;
}

struct json* json_parse(char* line, size_t length) {
  struct reader r = {line, line + length};
  struct json* const value = read_value(&r, MAX_DEPTH);
  skip_space(&r);
  if (value == NULL || (value->type == JSON_OBJECT && !more(&r))) return value;
  json_free(value);
  return NULL;
}

void json_free(struct json* value) {
  while (value != NULL) {
    struct json* const next = value->next;
    json_free(value->first);
    free(value);
    value = next;
  }
}

const struct json* json_member(const struct json* object, const char* key) {
  for (const struct json* member = object->first; member != NULL; member = member->next) {
    if (strcmp(member->key, key) == 0) return member->type == JSON_NULL ? NULL : member;
  }
  return NULL;
}
