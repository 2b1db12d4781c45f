#!/bin/bash
# Writes down PostgreSQL's log as it comes. The slot makes the database keep what has not arrived here yet.
set -euo pipefail
export PGHOST=${PGHOST:-postgres} PGUSER=backup PGPASSWORD
PGPASSWORD=$(cat /run/secrets/postgres/backup)
mkdir -p /backups/log
pg_receivewal --slot=backup --create-slot --if-not-exists
exec pg_receivewal --slot=backup --synchronous -D /backups/log
