# Completion for bash: commands, options, and the names of cases, kernels, stacks and formats. The
# program itself is asked for all of them.

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
  "${command[@]}" --report '?' . . 2>&1 | sed -n 's/.*; there are //; T; s/,//gp'
}

# Its line in `--help` goes on with what it takes, in capitals.
_faultline_takes_more() {
  "${command[@]}" --help 2>/dev/null |
    awk -v option="$1" '$1 ~ "(^|,)" option "$" && $2 ~ /^[A-Z][A-Z]|^[A-Z]=/ { found = 1 }
                        END { exit !found }'
}

_faultline_names() {
  "${COMP_WORDS[0]}" "$1" list 2>/dev/null | awk '$1 !~ /^[A-Z]|:/ { print $1 }'
}

_faultline_cases() {
  "${COMP_WORDS[0]}" list 2>/dev/null | awk '$1 ~ "/" { print $1 }'
}

# Words of a list with commas: the last of them is completed.
_faultline_list() {
  local before=
  [[ $current != *,* ]] || before=${current%,*},
  COMPREPLY=($(compgen -P "$before" -W "$1" -- "${current##*,}"))
  compopt -o nospace 2>/dev/null || :
}

# What follows this option; fails where it is for the command's own words.
_faultline_after() {
  case $1 in
    --kernel) _faultline_list "$(_faultline_names kernel)" ;;
    --stack) _faultline_list "$(_faultline_names stack)" ;;
    --report) COMPREPLY=($(compgen -W "$(_faultline_formats)" -- "$current")) ;;
    --exclude) COMPREPLY=($(compgen -W "$(_faultline_cases)" -- "$current")) ;;
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
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} word words
  local command=("${COMP_WORDS[0]}")
  for word in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    [[ $word != -* ]] || break
    command+=("$word")
    [ "${command[*]:1}" = kernel ] || [ "${command[*]:1}" = stack ] || break
  done
  # `--report=FORMAT` comes as three words.
  [ "$current" != = ] || current=
  [ "$before" != = ] || before=${COMP_WORDS[COMP_CWORD - 2]}
  COMPREPLY=()
  if [[ $current == -* ]]; then
    words=$(_faultline_options)
  elif _faultline_after "$before"; then
    return 0
  else
    words=$(_faultline_words "${command[*]:1}")
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  return 0
}
# What is not among these names may be a file.
complete -o bashdefault -o default -F _faultline faultline
