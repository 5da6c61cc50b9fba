/**
 * The part of the watchdog's shell program that finds the processes to end: functions that set `$table`, `$family` and
 * `$living`.
 *
 * `grep ''` reads `/proc` and prints the file's name before each line: a program's name may contain any character, including
 * a line end, and must not be mistaken for the line of another process.
 */
export const watchdogFamilyScript = `# Sets $table to the living processes of /proc/$1, or of all: "<pid>/<parent>/<group>/<session>/<start time>".
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

# Adds to $family, as words "<pid>/<start time>", its members in $table. Sets $living to the pids of its living members.
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

# Sets $start to the start time of a process. Starts no program.
read_start() {
  start=
  read -r line <"/proc/$1/stat" || return
  set -- \${line##*)}
  [ $# -ge 20 ] && start=\${20}
}

# Adds to $family the tree of a guarded process. Starts no program and reads the pids first, to finish within two
# milliseconds: an app-server is about to end its commands.
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

# Succeeds if the environment of the process contains one of the markers as an entry of its own.
is_carrier() {
  if [ -r /proc/self/environ ]; then
    tr '\\n\\000' '\\001\\n' <"/proc/$1/environ" | grep -aqxF $patterns
  else
    ps -Eww -o command= -p "$1" | tr ' ' '\\n' | grep -qxF $patterns
  fi
}

# Adds the processes with a marker to $family, and their descendants.
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
`;
