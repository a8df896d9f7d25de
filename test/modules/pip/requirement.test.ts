import t from 'tap'
import { parseList, pythonOf } from '../../../modules/pip/environment.ts'
import { parseRequirement, parseRequirements } from '../../../modules/pip/requirement.ts'

t.test('requirements as people write them', async (t) => {
  t.match(parseRequirement('uv==0.9.1'), { name: 'uv', specifier: '==0.9.1' })
  t.match(parseRequirement('Apache_Airflow[celery, postgres] >= 3, < 4'), {
    name: 'apache-airflow',
    specifier: '>=3,<4',
  })
  t.match(parseRequirement('flower'), { name: 'flower', specifier: '' })
  for (const wrong of ['', '==1', 'a b', 'x @ http://y', '-r z']) {
    t.throws(() => parseRequirement(wrong), { code: 'bad-requirement' }, wrong)
  }
})

t.test('a file of them: comments, options, hashes and continued lines', async (t) => {
  const file = '# all\n--index-url http://x\na==1 # why\n\nb==2 \\\n    --hash=sha256:00\nc>=1 --hash=sha256:01\r\n'
  t.strictSame(
    parseRequirements(file).map(({ text }) => text),
    ['a==1', 'b==2', 'c>=1'],
  )
})

t.test('what is installed; the first of a name is the one that counts', async (t) => {
  t.strictSame(Object.fromEntries(parseList('Zope.Interface 1.0\nuv 2\nuv 1\n\n')), {
    uv: '2',
    'zope-interface': '1.0',
  })
})

t.test('the Python of an environment, as Salt takes it too', async (t) => {
  t.equal(pythonOf(undefined), 'python3')
  t.equal(pythonOf('/opt/airflow/'), '/opt/airflow/bin/python')
  t.equal(pythonOf('/opt/airflow/bin/pip'), '/opt/airflow/bin/python')
})
