#!/usr/bin/env bash
# Stands in for a codex whose shells started things that are hard to end. Every member of the family has the number $1
# on its command line. $2: `polite` ends on SIGINT, SIGTERM or the end of its input, `stubborn` on none of them.
# The rest names the members.
token=$1 mode=$2
shift 2
nap="sleep 86400.$token"

for kind in "$@"; do
  case $kind in
    plain) $nap & ;;
    ignores-term) bash -c "trap '' INT TERM HUP; while :; do $nap; done" & ;;
    daemon) setsid $nap & ;;
    nohup) (nohup $nap > /dev/null 2>&1 &) ;;
    double-forked-daemon) (setsid bash -c "trap '' TERM; $nap & $nap" &) ;;
    bare-environment) setsid bash -c "env -i setsid $nap & wait" & ;;
    bare-in-session) setsid bash -c "(env -i $nap &); $nap" & ;;
    bare-in-group) bash -c "set -m; bash -c '(env -i $nap &); $nap' & wait" & ;;
    fork-storm) setsid bash -c "while :; do setsid $nap & sleep 0.002; done" & ;;
  esac
done

# Let every member become what it is to be: no double fork still on its way.
sleep 0.2
if [ "$mode" = polite ]; then
  trap 'exit 1' INT TERM
  echo ready
  while read -r _; do :; done
else
  trap '' INT TERM
  echo ready
  while :; do sleep 1; done
fi
