/**
 * What the watchdog runs: constant text for any POSIX shell, to which nothing of a caller is ever added. Its input is
 * lines, `+ <marker> <pid> <signal>` and `- <marker>`; what is left of them when the input ends is what it must end.
 */
export const watchdogScript = `
trap '' INT TERM HUP QUIT
runs=
while read -r sign marker pid signal; do
  if [ "$sign" = + ]; then
    runs="$runs $marker:$pid:$signal"
  else
    kept=
    for run in $runs; do
      case $run in "$marker":*) ;; *) kept="$kept $run" ;; esac
    done
    runs=$kept
  fi
done

carriers() {
  if [ -r /proc/self/environ ]; then
    for file in $(grep -lsF "$1" /proc/[0-9]*/environ); do
      file=\${file#/proc/}
      echo "\${file%/environ}"
    done
  else
    ps -axEww -o pid= -o command= | while read -r pid rest; do
      case $rest in *"$1"*) echo "$pid" ;; esac
    done
  fi
}

# Codex itself first: it knows best how to end its commands.
for run in $runs; do
  marker=\${run%%:*}
  rest=\${run#*:}
  pid=\${rest%%:*}
  signal=\${rest#*:}
  [ "$signal" = - ] && continue
  for carrier in $(carriers "$marker"); do
    [ "$carrier" = "$pid" ] && kill -s "$signal" "$pid" 2>/dev/null
  done
done

for run in $runs; do
  marker=\${run%%:*}
  rest=\${run#*:}
  pid=\${rest%%:*}
  waits=0
  while [ $waits -lt 20 ] && kill -0 "$pid" 2>/dev/null; do
    sleep 0.05
    waits=$((waits + 1))
  done
  rounds=0
  quiet=0
  while [ $quiet -lt 2 ] && [ $rounds -lt 40 ]; do
    found=$(carriers "$marker")
    if [ -z "$found" ]; then
      quiet=$((quiet + 1))
    else
      quiet=0
      kill -s STOP $found 2>/dev/null
      kill -s KILL $found 2>/dev/null
    fi
    rounds=$((rounds + 1))
    sleep 0.02
  done
done
`;
