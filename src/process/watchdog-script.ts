/**
 * What the watchdog runs: constant text for any POSIX shell, to which nothing of a caller is ever added. Its input is
 * lines: `+ <marker> <pid> <signal>` and `- <marker>` of processes, `f <path>` and `u <path>` of files. What is left of
 * them when the input ends is what it must end, and remove.
 */
export const watchdogScript = `
trap '' INT TERM HUP QUIT
set -f
newline='
'
blanks=" $newline"
runs=
files=
while IFS= read -r line; do
  rest=\${line#* }
  case $line in
  '+ '*)
    set -- $rest
    runs="$runs $1:$2:$3"
    ;;
  '- '*)
    kept=
    for run in $runs; do
      case $run in "$rest":*) ;; *) kept="$kept $run" ;; esac
    done
    runs=$kept
    ;;
  'f '*)
    files=$files$rest$newline
    ;;
  'u '*)
    kept=
    IFS=$newline
    for file in $files; do
      [ "$file" = "$rest" ] || kept=$kept$file$newline
    done
    IFS=$blanks
    files=$kept
    ;;
  esac
done
set +f

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
  while [ $waits -lt 20 ] && carriers "$marker" | grep -qx "$pid"; do
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

set -f
IFS=$newline
for file in $files; do
  rm -f -- "$file"
  rmdir -- "\${file%/*}" 2>/dev/null
done
`;
