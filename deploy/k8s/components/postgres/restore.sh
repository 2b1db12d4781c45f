#!/bin/bash
# Puts a copy in the place of the database, with the whole log since, so that PostgreSQL brings it to the last moment that
# was written down, or to UNTIL (a time such as 2026-11-24 08:00:00+08). PostgreSQL must be stopped. What lay there is kept
# beside it, in case this was the wrong thing to do.
set -euo pipefail
copy=${COPY:-$(printf '%s\n' /backups/base-* | sort | tail -n 1)}
log=${LOG:-/backups/log}
data=/var/lib/postgresql/18/docker
[ -f "$copy/backup_label" ] || { echo "no copy: $copy" >&2; exit 1; }
[ ! -f "$data/postmaster.pid" ] || { echo "PostgreSQL runs, or did not stop in good order; look before you delete $data/postmaster.pid" >&2; exit 1; }
mkdir -p "$data.new" && chmod 700 "$data.new"
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
[ ! -d "$data" ] || mv "$data" "$data.before-$(date -u +%Y%m%dT%H%M%SZ)"
mv "$data.new" "$data"
# What PostgreSQL writes from here on is another line of history, and gets a log of its own.
[ ! -e /backups/log ] || mv /backups/log "/backups/log-before-$(date -u +%Y%m%dT%H%M%SZ)"
echo "restored $copy${UNTIL:+ until $UNTIL}: start PostgreSQL"
