#!/bin/sh
# Stands in for codex: prints its version, and otherwise runs the program of a subfolder that HOSTILE_CODEX names.
# A shell starts twenty times as fast as Node, and the tests start it a thousand times.
if [ "$1" = --version ] && [ "$HOSTILE_CODEX" != never-tells-version ]; then
  echo codex-cli 0.169.0
else
  exec node "$(dirname "$0")"/*/"$HOSTILE_CODEX.mjs" "$@"
fi
