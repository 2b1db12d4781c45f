#!/bin/bash
# Run once, when the database is made: a login for each service, that may become that service's role and nobody else. The
# schemas and tables come later, from `migrate`.
set -euo pipefail
sql() { psql -v ON_ERROR_STOP=1 -q -U postgres -d postgres "$@"; }

sql -c "create role keyring_service nologin"
while read -r login schema; do
  sql -v login="$login" -v role="${schema}_service" -v password="$(cat "/run/secrets/postgres/$login")" <<'SQL'
    create role :"role" nologin;
    create role :"login" login noinherit password :'password';
    grant :"role" to :"login" with inherit false, set true;
    grant keyring_service to :"login" with inherit false, set true;
SQL
done <<'LOGINS'
item-catalog catalog
verification verification
licence-registry licence
approval-workflow approval
case-window casewindow
LOGINS

sql -v password="$(cat /run/secrets/postgres/backup)" <<'SQL'
  create role backup login replication password :'password';
SQL
# Only what NetworkPolicy lets through arrives here; a password it needs all the same.
echo "host replication backup all scram-sha-256" >>"$PGDATA/pg_hba.conf"
