#!/bin/bash
# A whole copy of the database, checked; a week of copies is kept, and the log since the oldest of them. With the log, each
# can be brought to any moment after it (deploy/README.md, Restore).
set -euo pipefail
export PGHOST=${PGHOST:-postgres} PGUSER=backup PGPASSWORD
PGPASSWORD=$(cat /run/secrets/postgres/backup)
cd /backups
name=base-$(date -u +%Y%m%dT%H%M%SZ)
rm -rf unfinished-*
pg_basebackup --checkpoint=fast --wal-method=none --format=plain --manifest-checksums=sha256 -D "unfinished-$name"
pg_verifybackup --no-parse-wal "unfinished-$name"
mv "unfinished-$name" "$name"

mapfile -t copies < <(printf '%s\n' base-* | sort)
while [ ${#copies[@]} -gt 7 ]; do rm -rf "${copies[0]}"; copies=("${copies[@]:1}"); done
pg_archivecleanup log "$(sed -n 's/^START WAL LOCATION.*file \(.*\))$/\1/p' "${copies[0]}/backup_label")"
echo "made $name; kept: ${copies[*]}"
