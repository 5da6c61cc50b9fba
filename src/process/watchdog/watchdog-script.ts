import { watchdogFamilyScript } from "./watchdog-family-script.js";

/**
 * The watchdog's program: constant text for any POSIX shell, without any text of a caller. It reads lines from its input:
 * `+ <marker> <pid> <signal>` and `- <marker>` add and remove a process, `f <path>` and `u <path>` add and remove a file.
 * When the input ends, it ends the remaining processes and removes the remaining files.
 *
 * It ends every process with a marker. It also ends the guarded processes with their trees, sessions and groups. It notes
 * them when its input ends, before it sends the first signal, and repeats this until none is left. A process is identified by
 * its pid and its start time. `codex exec` works until it is signalled, so that its whole tree is noted. An app-server sees
 * the end of its input at the same moment as the watchdog, and ends its commands within milliseconds. This is the limit: a
 * process with an emptied environment outlives the host program if codex is faster than the notes. (Stopping codex first
 * would not help: once a process group has no member with a parent outside it, a stopped member makes the kernel send SIGHUP
 * to the whole group, here that of the host program.)
 */
export const watchdogScript = `
trap '' INT TERM HUP QUIT
set -f
newline='
'
blanks=" $newline"
runs=
files=

${watchdogFamilyScript}
while IFS= read -r line; do
  rest=\${line#* }
  case $line in
  '+ '*)
    set -- $rest
    list "$2"
    find_start "$2"
    patterns="-e $1"
    # A new watchdog receives old lines again: another process may have the pid by then.
    is_carrier "$2" || start=
    runs="$runs $1/$2/$3/$start"
    ;;
  '- '*)
    kept=
    for run in $runs; do
      case $run in "$rest"/*) ;; *) kept="$kept $run" ;; esac
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

if [ -n "$runs" ]; then
  # Note the processes first, beginning with the fast part: an app-server is already ending.
  roots=
  patterns=
  for run in $runs; do
    IFS=/
    set -- $run
    IFS=$blanks
    patterns="$patterns -e $1"
    [ -n "$4" ] && roots="$roots $2/$4"
  done
  family=$roots
  set +f
  for root in $roots; do
    [ -r /proc/self/stat ] && note_tree "\${root%%/*}" "\${root##*/}"
  done
  set -f
  list '[0-9]*'
  note
  note_all

  # Signal codex before its commands, because it ends them itself.
  for run in $runs; do
    IFS=/
    set -- $run
    IFS=$blanks
    [ "$3" = - ] && continue
    case $living in *" $2 "*) kill -s "$3" "$2" 2>/dev/null ;; esac
  done

  waits=0
  while [ $waits -lt 20 ]; do
    waiting=
    for root in $roots; do
      case $living in *" \${root%%/*} "*) waiting=1 ;; esac
    done
    [ -z "$waiting" ] && break
    sleep 0.05
    list '[0-9]*'
    note
    waits=$((waits + 1))
  done

  rounds=0
  quiet=0
  while [ $quiet -lt 2 ] && [ $rounds -lt 40 ]; do
    note_all
    if [ "$living" = ' ' ]; then
      quiet=$((quiet + 1))
    else
      quiet=0
      kill -s STOP $living 2>/dev/null
      # Add the processes that they started meanwhile. Stopped processes start no others.
      list '[0-9]*'
      note
      kill -s KILL $living 2>/dev/null
    fi
    rounds=$((rounds + 1))
    sleep 0.02
  done
fi

IFS=$newline
for file in $files; do
  rm -f -- "$file"
  rmdir -- "\${file%/*}" 2>/dev/null
done
`;
