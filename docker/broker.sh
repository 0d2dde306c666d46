#!/bin/sh
# Start Mosquitto with a password file made of the mounted secrets. Only hashes are written, into
# memory; no password is ever an argument of a process.
set -eu
secrets=${SECRETS_DIR:-/run/secrets}
run=${RUN_DIR:-/run/broker}
umask 077

{
    for user in centre simulate developer; do
        printf '%s:%s\n' "$user" "$(cat "$secrets/mqtt_${user}_password")"
    done
    # The sensors' own, a line each: <thing>:<password>
    grep -E '^[a-z0-9_-]+:.+$' "$secrets/mqtt_things" || true
} >"$run/passwords"

# The health check's user lives as long as this container and is known to nobody else.
health=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf 'health:%s\n' "$health" >>"$run/passwords"
printf -- '-u health\n-P %s\n' "$health" >"$run/mosquitto_sub"

mosquitto_passwd -U "$run/passwords"
exec mosquitto -c "${CONFIG:-/mosquitto/config/mosquitto.conf}"
