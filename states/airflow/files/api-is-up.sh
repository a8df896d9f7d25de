#!/bin/sh
# Written by Butler. Ends when Airflow's API on a host is up: what takes a task before that loses it.
health=http://$1:{{pillar.airflow.port}}/airflow/api/v2/monitor/health
exec curl --silent --show-error --fail --output /dev/null --max-time 5 \
  --retry 120 --retry-delay 2 --retry-all-errors --retry-max-time 240 "$health"
