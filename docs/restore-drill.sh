#!/bin/sh
# Restores a base backup and the archived WAL into a server of its own, which nobody else reaches, and proves that it is sound.
#
#   docs/restore-drill.sh BACKUP ARCHIVE DATABASE [MOMENT]
#
# BACKUP is a folder made by pg_basebackup, ARCHIVE the folder of archive_command, DATABASE the name of the database, MOMENT a time
# up to which changes are wanted (2030-01-31 12:00:00+00); without it, all. PostgreSQL's programs and tasrih are on the PATH. AS is
# what runs PostgreSQL's programs as a user who may: AS="runuser -u postgres --" for root. Neither folder is changed.
set -eu
backup=$1 archive=$2 database=$3 moment=${4:-}
began=$(date +%s)
folder=$(${AS:-} mktemp -d "${TMPDIR:-/tmp}/tasrih-drill-XXXXXX")

end() {
    ${AS:-} pg_ctl --pgdata "$folder/data" --mode immediate stop > /dev/null 2>&1 || true
    rm -rf "$folder"
}
trap end EXIT

${AS:-} cp -R "$backup" "$folder/data"
${AS:-} chmod 700 "$folder/data" "$folder"
chmod 711 "$folder" # for the socket
${AS:-} rm -f "$folder/data/standby.signal"
${AS:-} touch "$folder/data/recovery.signal"
${AS:-} tee -a "$folder/data/postgresql.auto.conf" > /dev/null << END
restore_command = 'cp "$archive/%f" "%p"'
recovery_target_action = 'promote'
archive_mode = off
fsync = off
primary_conninfo = ''
synchronous_standby_names = ''
${moment:+recovery_target_time = '$moment'}
END
${AS:-} pg_ctl --pgdata "$folder/data" --wait --timeout 86400 --log "$folder/log" \
    --options "-c listen_addresses= -c unix_socket_directories=$folder" start > /dev/null || { cat "$folder/log" >&2; exit 1; }

export DATABASE_URL="postgresql://${PGUSER:-postgres}@/$database?host=$folder"
until [ "$(psql "$DATABASE_URL" -Atc 'SELECT pg_is_in_recovery()')" = f ]; do sleep 0.2; done
psql "$DATABASE_URL" -Atc "SELECT 'The last change is ' || MAX(sequence) || ', recorded ' || MAX(recorded_at) || '.' FROM change"
tasrih check
echo "It took $(($(date +%s) - began)) seconds."
