#!/usr/bin/env bash
# Leaves a grandchild ($1 seconds of sleep, or `yes`) that holds stdout and stderr open, and ends at once.
echo "before"
if [ "$1" = yes ]; then yes "$(printf 'y%.0s' {1..1000})" & else sleep "$1" & fi
echo "grandchild $!"
printf 'unfinished'
