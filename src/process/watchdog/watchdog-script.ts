import { watchdogFamilyScript } from "./watchdog-family-script.js";

/**
 * What the watchdog runs: constant text for any POSIX shell, to which nothing of a caller is ever added. Its input is
 * lines: `+ <marker> <pid> <signal>` and `- <marker>` of processes, `f <path>` and `u <path>` of files. What is left of
 * them when the input ends is what it must end, and remove.
 *
 * It ends whoever carries a marker, always: a marker stays with a process whatever becomes of the others. And it ends
 * the guarded processes with their trees, sessions and groups, as it notes them when its input ends, before it signals
 * anybody, and again until nobody is left; a process is named by its pid and its start time. `codex exec` works on
 * until it is signalled, so that nobody of its tree is missed. An app-server sees its input end at the same moment as
 * the watchdog, and ends its commands within milliseconds. That is the limit: who emptied its environment outlives the
 * host's death where codex was quicker than the noting. (To stop codex first would be no way out: a stopped process
 * in the host's process group lets the kernel send SIGHUP to the whole group, once nobody of it has a parent.)
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
    # Told again to a new watchdog: by then another process may have the pid.
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
  # First of all, and the quick part of it first: an app-server is ending already.
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

  # Codex itself before its commands: it knows best how to end them.
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
      # Whom they started in the meantime: nobody can start another now.
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
