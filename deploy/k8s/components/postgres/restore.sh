#!/bin/bash
# Puts a copy in the place of the database, with the whole log since, so that PostgreSQL brings it to the last moment that
# was written down, or to UNTIL (a time such as 2026-11-24 08:00:00+08). PostgreSQL must be stopped. What lay there is kept
# beside it, in case this was the wrong thing to do. Until the copy is whole, nothing is touched: whatever ended an earlier
# try, it may be started again.
set -euo pipefail
backups=${BACKUPS:-/backups}
data=${PGDATA:-/var/lib/postgresql/18/docker}
copy=${COPY:-$(printf '%s\n' "$backups"/base-* | sort | tail -n 1)}
log=${LOG:-$backups/log}
refuse() { echo "$*" >&2; exit 1; }
[ -f "$copy/backup_label" ] || refuse "no copy: $copy"
compgen -G "$log/0*" >/dev/null || refuse "no log: $log. Restored already? Then start PostgreSQL; for another copy or moment say LOG=$backups/log-before-…"
[ ! -f "$data/postmaster.pid" ] || refuse "PostgreSQL runs, or did not stop in good order; look before you delete $data/postmaster.pid"

# What an earlier try left is no part of this one.
rm -rf "$data.new"
mkdir -p "$data.new" && chmod 700 "$data.new"
needs=$(du -smc "$copy" "$log" | tail -n 1 | cut -f 1)
room=$(df --output=avail -m "$data.new" | tail -n 1)
[ "$room" -gt "$needs" ] || refuse "no room: copy and log need $needs MB beside what lies there, and $room MB are free. Grow the volume, or delete a $data.before-…"
cp -a "$copy/." "$data.new/"
# The last piece of the log is not full yet; it counts all the same. The log travels with the data, so that the start needs
# no other volume.
mkdir "$data.new/log-to-replay"
cp "$log"/* "$data.new/log-to-replay/"
for piece in "$data.new"/log-to-replay/*.partial; do [ -e "$piece" ] && mv "$piece" "${piece%.partial}"; done
cat >>"$data.new/postgresql.auto.conf" <<SET
restore_command = 'cp log-to-replay/%f %p'
recovery_target_timeline = 'latest'
${UNTIL:+recovery_target_time = '$UNTIL'}
recovery_target_action = 'promote'
SET
touch "$data.new/recovery.signal"
sync -f "$data.new"

now=$(date -u +%Y%m%dT%H%M%S.%3NZ)
[ ! -d "$data" ] || mv -T "$data" "$data.before-$now"
mv -T "$data.new" "$data"
# What PostgreSQL writes from here on is another line of history, and gets a log of its own.
[ ! -e "$backups/log" ] || mv -T "$backups/log" "$backups/log-before-$now"
echo "restored $copy${UNTIL:+ until $UNTIL}: start PostgreSQL"
