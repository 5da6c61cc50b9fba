#!/bin/sh
# Stands in for codex: tells its version and is for the rest the executable of this folder that HOSTILE_CODEX names.
# A shell starts twenty times as fast as Node, and the tests start it a thousand times.
if [ "$1" = --version ] && [ "$HOSTILE_CODEX" != never-tells-version ]; then
  echo codex-cli 0.169.0
else
  exec node "$(dirname "$0")/$HOSTILE_CODEX.mjs" "$@"
fi
