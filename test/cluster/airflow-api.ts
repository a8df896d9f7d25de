import type { DebianHost } from '../hosts/host.ts'

/** Asks Airflow's API as `butler`. The password goes from its file to curl's standard input. */
export async function ask(tracker: DebianHost, path: string, body?: unknown): Promise<string> {
  const base = 'http://airflow.service.consul:8889/airflow'
  const curl = "curl -sS --max-time 30 -H 'content-type: application/json'"
  const login = `sed 's/.*: "\\(.*\\)".*/{"username": "butler", "password": "\\1"}/' /etc/airflow/passwords.json`
  const token = `$(${login} | ${curl} -d @- ${base}/auth/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`
  const data = body === undefined ? '' : `-d '${JSON.stringify(body)}'`
  return tracker.sh(`${curl} ${data} -H "Authorization: Bearer ${token}" '${base}/api/v2/${path}'`)
}
