import t from 'tap'
import { junitOf } from '../../../master/cli/junit.ts'

t.test('a report that CI systems read, with anything that programs say in it', async (t) => {
  const xml = junitOf('validate', [
    { name: 'fine', verdict: 'ok', said: 'a & b', duration_ms: 1234 },
    {
      name: '"bad" <name>',
      verdict: 'failed',
      said: 'w1 said \u001B[31m<no>\u001B[0m\u0007\nw2 said no',
      duration_ms: 5,
    },
    { name: 'grafana', verdict: 'not-deployed', said: 'no minion is G@roles:grafana', duration_ms: 0 },
  ])
  t.equal(
    xml.trim(),
    `
<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" skipped="1">
  <testsuite name="validate" tests="3" failures="1" skipped="1">
    <testcase classname="butler" name="fine" time="1.234">
      <system-out>a &amp; b</system-out>
    </testcase>
    <testcase classname="butler" name="&quot;bad&quot; &lt;name&gt;" time="0.005">
      <failure message="w1 said &lt;no&gt;�">w1 said &lt;no&gt;�
w2 said no</failure>
    </testcase>
    <testcase classname="butler" name="grafana" time="0.000">
      <skipped message="not deployed: no minion is G@roles:grafana"></skipped>
    </testcase>
  </testsuite>
</testsuites>
`.trim(),
  )
})
