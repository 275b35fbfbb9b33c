# Completion for bash: commands, options, and the names of cases, kernels, stacks and formats. The
# program itself is asked for all of them; nothing of what it says is expanded.

# Offers those of the lines read that begin with what has been typed, in quotes where they need them.
# $1: stands before each.
_faultline_offer() {
  local name word
  while IFS= read -r name; do
    [ -n "$name" ] || continue
    word=$name
    [[ $name != *[!A-Za-z0-9_./:@%+,=-]* ]] || printf -v word %q "$name"
    [[ $1$name != "$current"* && $1$word != "$current"* ]] || COMPREPLY+=("$1$word")
  done
}

# The indented words of a list in `--help`: of "Options" or "Subcommands".
_faultline_listed() {
  "${command[@]}" --help 2>/dev/null |
    awk -v list="$1:" '/^[^ ]/ { wanted = $0 == list } wanted && /^  [^ ]/ { print $1 }'
}

_faultline_options() {
  _faultline_listed Options | tr , '\n'
}

# An unknown format is answered with those that there are.
_faultline_formats() {
  "${command[@]}" --report '?' . . 2>&1 | sed -n 's/.*; there are //; T; s/, /\n/gp'
}

# Its line in `--help` goes on with what it takes, in capitals.
_faultline_takes_more() {
  "${command[@]}" --help 2>/dev/null |
    awk -v option="$1" '$1 ~ "(^|,)" option "$" && $2 ~ /^[A-Z]+([^a-z]|$)/ { found = 1 }
                        END { exit !found }'
}

_faultline_names() {
  "${COMP_WORDS[0]}" "$1" list 2>/dev/null | awk '$1 !~ /^[A-Z]|:/ { print $1 }'
}

# Of the suite that is named, else of the program's own. An id ends where two blanks are.
_faultline_cases() {
  local at suite=()
  for ((at = 1; at < COMP_CWORD - 1; ++at)); do
    [ "${COMP_WORDS[at]}" = --suite ] || continue
    [ "${COMP_WORDS[at + 1]}" != = ] || ((++at))
    suite=(--suite "${COMP_WORDS[at + 1]}")
  done
  "${COMP_WORDS[0]}" list "${suite[@]}" 2>/dev/null | sed 's/  .*//'
}

# Words of a list with commas: the last of them is completed.
_faultline_list() {
  local before=
  [[ $current != *,* ]] || before=${current%,*},
  _faultline_offer "$before"
  compopt -o nospace 2>/dev/null || :
}

# What follows this option; fails where it is for the command's own words.
_faultline_after() {
  case $1 in
    --kernel) _faultline_list < <(_faultline_names kernel) ;;
    --stack) _faultline_list < <(_faultline_names stack) ;;
    --report) _faultline_offer '' < <(_faultline_formats) ;;
    --exclude) _faultline_offer '' < <(_faultline_cases) ;;
    -*) _faultline_takes_more "$1" ;;
    *) false ;;
  esac
}

# The words that may follow a command.
_faultline_words() {
  case $1 in
    '' | kernel | stack) _faultline_listed Subcommands ;;
    run | list | explain) _faultline_cases ;;
    'kernel build' | 'kernel path') _faultline_names kernel | grep ^uml- ;;
    'stack build' | 'stack path') _faultline_names stack ;;
  esac
}

_faultline() {
  local current=${COMP_WORDS[COMP_CWORD]} at=$((COMP_CWORD - 1)) before= is_value= word=
  local command=("${COMP_WORDS[0]}")
  for word in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    [[ $word != -* ]] || break
    command+=("$word")
    [ "${command[*]:1}" = kernel ] || [ "${command[*]:1}" = stack ] || break
  done
  # A '=' is a word of its own: `--report=json=file` comes as five.
  [ "$current" != = ] || { current='' at=$COMP_CWORD; }
  before=${COMP_WORDS[at]}
  [ "$before" != = ] || { before=${COMP_WORDS[at - 1]} is_value=1; }
  COMPREPLY=()
  if [ "$is_value" ] && [[ $before != -* ]]; then
    return 0 # of FORMAT=FILE the file
  elif [[ $current == -* ]]; then
    _faultline_offer '' < <(_faultline_options)
  elif ! _faultline_after "$before"; then
    _faultline_offer '' < <(_faultline_words "${command[*]:1}")
  fi
  return 0
}
# What is not among these names may be a file.
complete -o bashdefault -o default -F _faultline faultline
