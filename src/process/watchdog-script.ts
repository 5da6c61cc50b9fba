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
 *
 * `/proc` is read by `grep ''`, which puts the file's name before each line: the program's name in it may hold any
 * character, a line end included, and must not pass for the line of another process.
 */
export const watchdogScript = `
trap '' INT TERM HUP QUIT
set -f
newline='
'
blanks=" $newline"
runs=
files=

# Sets $table to the living processes of /proc/$1, or of all: "<pid>/<parent>/<group>/<session>/<start time>".
list() {
  if [ -r /proc/self/stat ]; then
    set +f
    lines=$(grep -as '' /dev/null /proc/$1/stat)
    set -f
  else
    lines=$(ps -axo pid=,ppid=,pgid=,stat=,lstart=)
  fi
  table=' '
  IFS=$newline
  for line in $lines; do
    IFS=$blanks
    case $line in
    /proc/*)
      pid=\${line#/proc/}
      pid=\${pid%%/*}
      set -- \${line##*)}
      [ $# -lt 20 ] && continue
      state=$1
      rest=$2/$3/$4/\${20}
      ;;
    *)
      set -- $line
      [ $# -lt 9 ] && continue
      pid=$1
      state=$4
      rest=$2/$3/0/$5-$6-$7-$8-$9
      ;;
    esac
    case $state in [ZXx]*) continue ;; esac
    case $pid in 1 | $$) continue ;; esac
    table="$table$pid/$rest "
  done
  IFS=$blanks
}

# Sets $start to the start time of the process in $table, or to nothing.
find_start() {
  start=
  case $table in *" $1/"*) ;; *) return ;; esac
  start=\${table#*" $1/"}
  start=\${start%% *}
  start=\${start##*/}
}

# Adds to $family, words "<pid>/<start time>", who belongs to it by $table. Sets $living to the pids of all its living.
note() {
  living=' '
  for entry in $table; do
    case " $family " in
    *" \${entry%%/*}/\${entry##*/} "*) living="$living\${entry%%/*} " ;;
    esac
  done
  grew=1
  while [ -n "$grew" ]; do
    grew=
    for entry in $table; do
      pid=\${entry%%/*}
      case $living in *" $pid "*) continue ;; esac
      IFS=/
      set -- $entry
      IFS=$blanks
      case $living in
      *" $2 "* | *" $3 "* | *" $4 "*)
        family="$family $pid/$5"
        living="$living$pid "
        grew=1
        ;;
      esac
    done
  done
}

# Sets $start to the start time of a process, by the shell alone.
read_start() {
  start=
  read -r line <"/proc/$1/stat" || return
  set -- \${line##*)}
  [ $# -ge 20 ] && start=\${20}
}

# Adds to $family the tree of a guarded process: within a millisecond or two, by the shell alone, and the pids first,
# for an app-server is about to end its commands.
note_tree() {
  tree=
  parents=$1
  while [ -n "$parents" ]; do
    found=
    for parent in $parents; do
      for file in /proc/$parent/task/*/children; do
        read -r children <"$file"
        found="$found$children"
      done
    done
    parents=$found
    tree="$tree $found"
  done
  read_start "$1"
  [ "$start" = "$2" ] || return
  for pid in $tree; do
    read_start "$pid"
    [ -n "$start" ] && family="$family $pid/$start"
  done
}

# Whether the environment of the process holds one of the markers as an entry of its own.
is_carrier() {
  if [ -r /proc/self/environ ]; then
    tr '\\n\\000' '\\001\\n' <"/proc/$1/environ" | grep -aqxF $patterns
  else
    ps -Eww -o command= -p "$1" | tr ' ' '\\n' | grep -qxF $patterns
  fi
}

# Adds the carriers to $family, and who belongs to these.
note_all() {
  if [ -r /proc/self/environ ]; then
    set +f
    found=$(grep -lsF $patterns /proc/[0-9]*/environ)
    set -f
  else
    found=$(ps -axEww -o pid= -o command= | grep -F $patterns | while read -r pid rest; do echo "$pid"; done)
  fi
  list '[0-9]*'
  for pid in $found; do
    pid=\${pid#/proc/}
    pid=\${pid%/environ}
    find_start "$pid"
    [ -z "$start" ] && continue
    case " $family " in *" $pid/$start "*) continue ;; esac
    is_carrier "$pid" && family="$family $pid/$start"
  done
  note
}

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
