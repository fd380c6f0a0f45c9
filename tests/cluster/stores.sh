# shellcheck shell=bash
# shellcheck disable=SC2154 # work is of the script that sources this.
# Stores that checks of the cluster run as processes of this machine. Sourced, with $work set.

postgres_bin() { compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1; }

as_postgres() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }

# A database that whoever comes from a subnet may use, in $database: a folder out of the way of others, whose ways may be closed to its user.
make_database() {
  local from=$1
  database=$(mktemp -d -t relapse-postgres.XXXXXX)
  chown postgres "$database"
  as_postgres "$(postgres_bin)/initdb" --pgdata "$database/data" --username relapse --auth trust --no-sync >"$work/initdb.log" 2>&1 &&
    printf 'host all all %s trust\n' "$from" >>"$database/data/pg_hba.conf"
}

# The command that runs it, a word a line.
postgres_command() {
  printf '%s\n' setpriv --reuid postgres --regid postgres --clear-groups "$(postgres_bin)/postgres" \
    -D "$database/data" -c listen_addresses="$1" -c unix_socket_directories="$database" -c fsync=off
}
