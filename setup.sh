#!/usr/bin/env bash
# Turns a fresh clone into a running workshop. Run it as often as you like: it goes on from where it stopped.
# It changes nothing outside this folder but the caches of cargo and uv and, as root on Debian, missing packages.
# Written for bash 3.2, which macOS still has.
# shellcheck disable=SC2016 # the backticks in messages are text
set -euo pipefail
# A shell's own habits must not lead us elsewhere.
set +o noclobber
unset CDPATH

usage() {
  cat <<'END'
Usage: ./setup.sh                                  prepare an attendee's machine
       ./setup.sh present [--port N] [--no-open]   prepare, then build and serve the deck
       ./setup.sh deck                             prepare, then build the deck: a folder to read
       ./setup.sh test                             prepare, then run every test
       ./setup.sh --help                           print this

STAGE_PYTHON=/path/to/python   use this Python (3.11 to 3.15)
STAGE_NO_INSTALL=1             install no system package: say what is missing
UV_SYSTEM_CERTS=1              trust the system's certificates (behind a TLS-inspecting proxy)
CHROMIUM=/path/to/chromium     test the deck in this browser
END
}

main() {
  mode=${1:-attend}
  [ $# -eq 0 ] || shift
  check_words "$@"
  again=./setup.sh
  [ "$mode" = attend ] || again="./setup.sh $mode"
  enter_repository
  forget_other_environments
  . requirements/machine.sh
  find_tools
  [ -z "$missing" ] || install_missing
  git rev-parse --git-dir >.stage/setup.log 2>&1 || fail_with_log 'open this git repository' 'git rev-parse' $?
  get_uv
  environment .venv requirements/workshop.txt
  share_one_pyo3
  find_live_from_venv
  [ "$mode" = attend ] || get_node
  build_stage
  prepare_checkpoints
  case $mode in
    attend) say_ready ;;
    present) exec .venv/bin/stage present "$@" ;;
    deck) exec .venv/bin/stage deck build ;;
    test) . tests/run.sh ;;
  esac
}

check_words() {
  case $mode in
    -h | --help) usage && exit 0 ;;
    attend | deck | test) [ $# -ne 0 ] || return 0 ;;
    present)
      while [ $# -gt 0 ]; do
        case $1:${2:-} in
          --no-open:*) shift ;;
          --port:[0-9]*) shift 2 ;;
          *) break ;;
        esac
      done
      [ $# -ne 0 ] || return 0 ;;
    *) set -- "$mode" ;;
  esac
  printf 'error: ./setup.sh cannot use `%s`\n\n' "$1" >&2
  usage >&2
  exit 2
}

# --- what is said -----------------------------------------------------------------------------------------------

# fail WHAT WHERE MEND: the three lines that stage prints too.
fail() {
  printf 'error: %s\n where: %s\n  mend: %s\n' "$@" >&2
  exit 1
}

# run WHAT COMMAND…: one line. While it works, a terminal shows the last line of what it says.
run() {
  local what=$1 status=0 watcher=''
  shift
  echo "setup: $what"
  if [ -t 1 ]; then
    : >.stage/setup.log
    show_last_line & watcher=$!
  fi
  "$@" >.stage/setup.log 2>&1 </dev/null || status=$?
  if [ -n "$watcher" ]; then
    kill "$watcher" 2>/dev/null || :
    wait "$watcher" 2>/dev/null || :
    printf '\r\033[K'
  fi
  [ "$status" = 0 ] || fail_with_log "$what" "$*" "$status"
}

# Once a second, until it is stopped or the set-up itself is gone.
show_last_line() {
  while sleep 1 && kill -0 $$ 2>/dev/null; do
    printf '\r\033[K   %s' "$(tail -n 1 .stage/setup.log | tr -d '\r' | cut -c 1-70)"
  done
}

# fail_with_log WHAT COMMAND STATUS: the end of what the command said, and the mend that fits it.
fail_with_log() {
  local mend
  if grep -qE 'invalid peer certificate|CERTIFICATE_VERIFY_FAILED|SSL certificate problem' .stage/setup.log; then
    mend="trust your system's certificates: run \`UV_SYSTEM_CERTS=1 $again\`"
    mend="$mend (pip and cargo read theirs from PIP_CERT and CARGO_HTTP_CAINFO)"
  elif grep -qiE "$no_network" .stage/setup.log; then
    mend="connect to the network, which this step needs once, then run \`$again\`: it goes on from here"
  else
    mend="do what these lines ask for (all of them: .stage/setup.log), then run \`$again\`: it goes on from here"
  fi
  fail "could not $1" "\`$2\` ended with exit status $3:
$(tail -n 12 .stage/setup.log | sed 's/^/        /')" "$mend"
}
no_network='resolv(e|ing) host|failure resolving|failed to resolve|name resolution|name or service not known|dns error'
no_network="$no_network|unreachable|connection (refused|reset|timed out)|(could not|couldn't|failed to) connect|tcp connect"
no_network="$no_network|error sending request|operation timed out|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|failed to fetch"

# --- this folder ------------------------------------------------------------------------------------------------

enter_repository() {
  local script=$0 link
  while [ -L "$script" ]; do
    link=$(readlink "$script")
    case $link in /*) script=$link ;; *) script=$(dirname -- "$script")/$link ;; esac
  done
  cd -P -- "$(dirname -- "$script")"
  [ -e .git ] || fail 'cannot make the checkpoints: this folder is not a git repository (a ZIP download?)' "$PWD" \
    'checkpoints are git tags: `git clone` the repository and run ./setup.sh in the clone'
  local above=$PWD
  while above=$(dirname -- "$above") && [ "$above" != / ]; do
    ! grep -qs '^\[workspace' "$above/Cargo.toml" || fail 'cannot build in here: this clone lies inside another cargo workspace' \
      "$above/Cargo.toml" 'move the clone out of that folder'
  done
  mkdir -p .stage 2>/dev/null || fail 'cannot write to this folder' "$PWD" 'check who owns it: `ls -ld .`'
}

# Another environment that is active, or a git hook that calls us, must not decide what is built here.
forget_other_environments() {
  unset PYTEST_ADDOPTS PYTEST_PLUGINS UV_WORKING_DIRECTORY UV_WORKING_DIR
  unset PYTHONINSPECT PYTHONOPTIMIZE PYTHONPLATLIBDIR PYTHONSAFEPATH PYTHONSTARTUP
  unset VIRTUAL_ENV PYTHONHOME PYTHONPATH CONDA_PREFIX CONDA_DEFAULT_ENV CARGO_TARGET_DIR CARGO_BUILD_TARGET
  unset UV_PYTHON UV_SYSTEM_PYTHON PIP_USER PIP_TARGET PIP_PREFIX
  # Only set-up goes to the network, see share_one_pyo3.
  export CARGO_NET_OFFLINE=false
  export UV_PYTHON_DOWNLOADS=never PIP_REQUIRE_VIRTUALENV=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
  local rust=${CARGO_HOME:-${HOME:-}/.cargo}/bin
  [ ! -x "$rust/cargo" ] || export PATH="$rust:$PATH"
  # shellcheck disable=SC2046 # one word for each variable
  ! git --version >/dev/null 2>&1 || unset $(git rev-parse --local-env-vars)
}

# --- Python's side ----------------------------------------------------------------------------------------------

# environment FOLDER REQUIREMENTS: these packages for our Python; from uv's cache where that suffices.
environment() {
  local found _
  read -r found _ <<<"$(python_in "$1/bin/python")"
  # uv can neither clear a half-made environment nor see that a package is there by half: only a finished one is kept.
  if [ "$found" != "$python_version" ] || ! cmp -s "$2" "$1/.installed.txt"; then
    rm -rf "$1"
    run "make $1 with Python $python_version" \
      "$uv" venv --quiet --relocatable --no-project --python "$python" "$1"
  fi
  set -- "$1" "$2" "$uv" pip install --quiet --python "$1" --require-hashes -r "$2"
  "${@:3}" --offline >/dev/null 2>&1 || run "install what $2 lists" "${@:3}"
  cp "$2" "$1/.installed.txt"
}

# cargo, maturin and stage must hand PyO3 the same variables: otherwise each switch between them compiles it anew.
share_one_pyo3() {
  mkdir -p .cargo
  cat >.stage/config.toml <<END
# Written by ./setup.sh: cargo, maturin and stage share one compiled PyO3, for the Python in .venv.
[env]
PYO3_PYTHON = { value = ".venv/bin/python", relative = true, force = true }
PYTHON_SYS_EXECUTABLE = { value = ".venv/bin/python", relative = true, force = true }
PYO3_BUILD_EXTENSION_MODULE = { value = "1", force = true }
PYO3_ENVIRONMENT_SIGNATURE = { value = "dunder-$python_version", force = true }
[profile.dev]
debug = 0
# All that the checkpoints need is here. A new crate: CARGO_NET_OFFLINE=false cargo add NAME
[net]
offline = true
END
  cmp -s .stage/config.toml .cargo/config.toml || mv -f .stage/config.toml .cargo/config.toml
}

# So that `import dunder` finds live/, also at the checkpoints that have no Rust yet.
find_live_from_venv() {
  local site
  site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  printf '%s\n' "$PWD/live/python" >"$site/live.pth"
}

# --- Rust's side ------------------------------------------------------------------------------------------------

# Who has presented once keeps the whole tool, also after a later ./setup.sh.
build_stage() {
  [ "$mode" = attend ] || touch .stage/presenter
  local features=''
  [ ! -e .stage/presenter ] || features=present
  run 'build stage' cargo build --locked --manifest-path Cargo.toml --target-dir target -p stage \
    ${features:+--features "$features"}
  # Renamed into place: a stage that is running keeps its own file.
  cp target/debug/stage .venv/bin/stage.new && mv -f .venv/bin/stage.new .venv/bin/stage
}

prepare_checkpoints() {
  run 'fetch and compile the crates of all checkpoints' .venv/bin/stage prepare --crates
  run 'make the tags' .venv/bin/stage tags
  echo 'setup: build and test live/'
  (cd live && ../.venv/bin/stage test --set-up)
  # Everything works by now. This only spares the compiler, and goes on next time where it was interrupted.
  echo 'setup: compile the library of every checkpoint (interrupt it if you must: all works without)'
  trap : INT
  .venv/bin/stage prepare --libraries || echo 'setup: not every library is there; one that is missing is compiled when it is needed'
  trap - INT
}

say_ready() {
  echo
  echo 'Ready. From now on nothing needs the network.'
  echo 'Next:  source .venv/bin/activate'
  echo 'Then:  stage list'
}

main "$@"
