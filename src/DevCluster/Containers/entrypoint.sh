#!/bin/sh
# Runs one server of a development cluster as process 1 of its container, so that what is done to the container is
# done to the server. Works in the official image and in any other that has PostgreSQL and a user postgres.
set -eu
home=/ctr
data=$home/data

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$data"
    chown -R postgres "$home"
    chmod 700 "$data"
    # pgpass, postgresql.conf and, at the first start, password.
    chmod 600 "$home"/p*
    if command -v gosu >/dev/null; then exec gosu postgres /bin/sh "$0"; fi
    if command -v su-exec >/dev/null; then exec su-exec postgres /bin/sh "$0"; fi
    exec setpriv --reuid=postgres --regid=postgres --init-groups /bin/sh "$0"
fi

bin=
for candidate in "${PG_BIN:-}" "$(dirname "$(command -v postgres || echo /none/postgres)")" /usr/local/bin /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
    if [ -x "$candidate/initdb" ]; then bin=$candidate; fi
done
if [ -z "$bin" ]; then
    echo "FATAL: this image holds no initdb" >&2
    exit 1
fi

# Written last: a copy that was interrupted is begun anew.
if [ ! -e "$home/complete" ]; then
    rm -rf "$data"/* "$data"/.[!.]*
    if [ -e "$home/source" ]; then
        until "$bin/pg_basebackup" -D "$data" --checkpoint=fast --wal-method=stream --no-sync --no-manifest -d "$(cat "$home/source")"; do
            sleep 0.2
        done
        sed -i '/^primary_conninfo/d; /^recovery_min_apply_delay/d' "$data/postgresql.auto.conf"
        touch "$data/standby.signal"
    else
        "$bin/initdb" -D "$data" -U postgres --pwfile="$home/password" --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync --no-instructions
        # The network is the cluster's own.
        printf 'host all all all scram-sha-256\nhost replication all all scram-sha-256\n' >>"$data/pg_hba.conf"
    fi
    cp "$home/postgresql.conf" "$data/postgresql.conf"
    touch "$home/complete"
fi
rm -f "$home/password"

# A killed server's; in the container's new life its process id means another process.
rm -f "$data/postmaster.pid"
exec "$bin/postgres" -D "$data"
