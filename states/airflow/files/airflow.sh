#!/bin/sh
# Written by Butler. Airflow's command line, as its own user and with the cluster's configuration.
set -a
. /etc/airflow/env
set +a
cd "$AIRFLOW_HOME" || exit 1
[ "$(id -un)" = airflow ] && exec /opt/airflow/bin/airflow "$@"
exec /usr/sbin/runuser -u airflow -- /opt/airflow/bin/airflow "$@"
