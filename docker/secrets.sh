#!/bin/sh
# Make the secrets docker-compose.yml mounts, once: docker/secrets.sh
# What is already there is kept. docker/secrets/ is in .gitignore; only its owner can enter it.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
chmod 700 secrets
cd secrets

# make NAME: write a new random password to the file NAME unless there is one
make() {
    [ -s "$1" ] && return
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$1"
    echo "made docker/secrets/$1"
}

make database_password
printf 'postgresql://ioc:%s@database:5432/ioc' "$(cat database_password)" >database_url.new
for user in centre simulate developer; do
    make "mqtt_${user}_password"
    printf 'mqtt://%s:%s@broker:1883' "$user" "$(cat "mqtt_${user}_password")" >"mqtt_${user}_url.new"
done
rm mqtt_developer_url.new # a developer connects from outside; no container needs it
for made in *.new; do
    mv -f "$made" "${made%.new}"
done
# The sensors' own users: a line <thing>:<password> each, then restart the broker.
[ -e mqtt_things ] || : >mqtt_things
# Addresses of the channels to people, TOML (docs/telling.md); while it is empty nothing leaves the machine.
[ -e channels ] || : >channels

# Compose mounts these files as they are, and no process in a container runs as their owner.
chmod 444 ./*
chmod 644 mqtt_things channels
