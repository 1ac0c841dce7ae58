# What `./setup.sh test` runs, in this order, up to the first failure. Sourced by setup.sh.
# shellcheck shell=bash disable=SC2154 # variables are shared with setup.sh

# A browser for tests/browser: the one that CHROMIUM names, or the first that is found.
find_browser() {
  local name found
  if [ -n "${CHROMIUM:-}" ]; then
    set -- "$CHROMIUM"
  else
    set -- chromium chromium-browser google-chrome '/Applications/Chromium.app/Contents/MacOS/Chromium' \
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  fi
  for name; do
    if found=$(command -v "$name"); then
      export CHROMIUM=$found
      return
    fi
  done
  return 1
}

check() {
  printf '\n== %s\n' "$*"
  "$@" || fail "\`$*\` failed, and the tests after it were not run" "exit status $?" \
    "do what the lines above say, then run \`$again\`"
}

# if_installed COMMAND PROBE…: some Rust packages come without rustfmt and clippy.
if_installed() {
  if "$1" --version >/dev/null 2>&1; then
    check "${@:2}"
  else
    printf '\n== not run, %s is not installed: %s\n' "$1" "${*:2}"
  fi
}

if ! find_browser && [ -z "${CHROMIUM:-}" ] && may_install; then
  run 'read the list of Debian packages' apt-get update
  install_packages chromium
fi
find_browser || fail "cannot test the deck: no Chromium or Chrome${CHROMIUM:+ at $CHROMIUM}" \
  "$(uname -sm), PATH=$PATH" "install Chromium, or say where it is: \`CHROMIUM=/path/to/chromium $again\`"
environment .stage/test requirements/test.txt

if_installed cargo-fmt cargo fmt --check
if_installed cargo-clippy cargo clippy --locked --all-targets --all-features -- -D warnings
check cargo test --locked -p stage --all-features
check .venv/bin/stage check
check .stage/test/bin/ruff check
check .stage/test/bin/ruff format --check
check .venv/bin/stage deck build --single --out .stage/deck-test
DECK_DIR="$PWD/.stage/deck-test" check node --test --test-concurrency=2 tests/browser/*.test.mjs
# Two files of tests at once: most of them wait for one program after the other.
check .stage/test/bin/python -m pytest --numprocesses=2 --dist=loadfile --durations=15 tests/setup
printf '\nAll tests passed.\n'
