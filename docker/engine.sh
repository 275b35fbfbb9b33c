# Sourced by the scripts beside it: finds the container engine.
#
#   find_engine      the engine that works; ends the script, saying what to do, where none does
#   engine WORD…     one of its subcommands
#
#   FAULTLINE_ENGINE            the engine's program; podman or docker, whichever works, without it
#   FAULTLINE_ENGINE_OPTIONS    what it is told before any subcommand, words separated by spaces

engine() { "$engine_program" $FAULTLINE_ENGINE_OPTIONS "$@"; }

find_engine() {
  local said= words
  : "${FAULTLINE_ENGINE_OPTIONS:=}"
  for engine_program in ${FAULTLINE_ENGINE:-podman docker}; do
    if ! command -v "$engine_program" >/dev/null; then
      said+="  $engine_program: not installed"$'\n'
    elif words=$(engine info 2>&1 >/dev/null); then
      return
    else
      said+="  $engine_program: $(tail -n 1 <<<"$words")"$'\n'
    fi
  done
  printf '%s: no container engine works here:\n%s' "${0##*/}" "$said" >&2
  echo "Install podman or docker, or name one with FAULTLINE_ENGINE; ./run needs none." >&2
  exit 77
}
