import { catalogOf, type Catalog, type Module } from '../core/module/module.ts'
import airflow from './airflow/index.ts'
import alternatives from './alternatives/index.ts'
import archive from './archive/index.ts'
import blockdev from './blockdev/index.ts'
import cmd from './cmd/index.ts'
import consul from './consul/index.ts'
import cron from './cron/index.ts'
import disk from './disk/index.ts'
import file from './file/index.ts'
import firewall from './firewall/index.ts'
import git from './git/index.ts'
import grafana from './grafana/index.ts'
import grains from './grains/index.ts'
import group from './group/index.ts'
import host from './host/index.ts'
import hostname from './hostname/index.ts'
import http from './http/index.ts'
import influxdb from './influxdb/index.ts'
import kmod from './kmod/index.ts'
import locale from './locale/index.ts'
import mine from './mine/index.ts'
import mount from './mount/index.ts'
import network from './network/index.ts'
import pillar from './pillar/index.ts'
import pip from './pip/index.ts'
import pkg from './pkg/index.ts'
import pkgrepo from './pkgrepo/index.ts'
import postgres from './postgres/index.ts'
import rabbitmq from './rabbitmq/index.ts'
import selinux from './selinux/index.ts'
import service from './service/index.ts'
import sshAuth from './ssh_auth/index.ts'
import sshKnownHosts from './ssh_known_hosts/index.ts'
import state from './state/index.ts'
import status from './status/index.ts'
import sudoers from './sudoers/index.ts'
import sysctl from './sysctl/index.ts'
import test from './test/index.ts'
import timezone from './timezone/index.ts'
import user from './user/index.ts'
import virtualenv from './virtualenv/index.ts'
import x509 from './x509/index.ts'

/** Every subject that Butler knows: the explicit registry. A test holds it and the folders together. */
export const modules: Readonly<Record<string, Module>> = {
  airflow,
  alternatives,
  archive,
  blockdev,
  cmd,
  consul,
  cron,
  disk,
  file,
  firewall,
  git,
  grafana,
  grains,
  group,
  host,
  hostname,
  http,
  influxdb,
  kmod,
  locale,
  mine,
  mount,
  network,
  pillar,
  pip,
  pkg,
  pkgrepo,
  postgres,
  rabbitmq,
  selinux,
  service,
  ssh_auth: sshAuth,
  ssh_known_hosts: sshKnownHosts,
  state,
  status,
  sudoers,
  sysctl,
  test,
  timezone,
  user,
  virtualenv,
  x509,
}

export const catalog: Catalog = catalogOf(Object.values(modules))
