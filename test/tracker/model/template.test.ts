import t from 'tap'
import { renderArgument } from '../../../tracker/model/template.ts'

const CONTEXT = {
  config: {
    name: 'NA12878',
    flags: ['-a', '-v'],
    empty: [],
    n: 3,
    on: true,
    map: { x: 1 },
    nothing: null,
    'a-b': 'dash',
  },
  item: 'chr20',
}

t.test('values stay inside their argument', async (t) => {
  t.strictSame(render('plain $HOME `x`; rm'), ['plain $HOME `x`; rm'])
  t.strictSame(render('{{config.name}}'), ['NA12878'])
  t.strictSame(render('--out={{ config.name }}_{{item}}.vcf'), ['--out=NA12878_chr20.vcf'])
  t.strictSame(render('{{config.n}}{{config.on}}'), ['3true'])
  t.strictSame(render('{{config.flags}}'), ['-a', '-v'], 'a list alone is that many arguments')
  t.strictSame(render('{{config.empty}}'), [])
  t.strictSame(render('{{config.flags.1}}'), ['-v'])
  t.strictSame(render('{{config.a-b}}'), ['dash'])
  t.strictSame(render('\\{{config.name}}'), ['{{config.name}}'], 'a backslash keeps the braces')
})

t.test('a value is never a template again', async (t) => {
  t.strictSame(renderArgument('{{a}}', { a: '{{b}} $(x)', b: 'no' }), ['{{b}} $(x)'])
})

t.test('what has no value is an error that names the nearest', async (t) => {
  const error = (text: string, expected: { code: string; message?: string | RegExp; hint?: string | RegExp }) =>
    t.throws(() => renderArgument(text, CONTEXT), expected, { name: text })
  error('{{config.nmae}}', {
    code: 'undefined-value',
    message: "'config.nmae' has no value: there is no 'nmae' in 'config'.",
    hint: "Did you mean 'name'?",
  })
  error('{{confg.name}}', { code: 'undefined-value', hint: "Did you mean 'config'?" })
  error('{{config.name.x}}', { code: 'undefined-value', message: /no 'x' in 'config.name'/ })
  error('{{config.flags.9}}', { code: 'undefined-value' })
  error('{{config.constructor}}', { code: 'undefined-value' })
  error('{{config.map}}', { code: 'bad-value', message: "'config.map' is a map, and an argument is a text." })
  error('{{config.nothing}}', { code: 'bad-value', message: /is null/ })
  error('x{{config.flags}}', { code: 'bad-value', hint: /may stand alone/ })
  error('{{#if config.on}}x{{/if}}', { code: 'bad-template' })
  error('{{}}', { code: 'bad-template' })
})

function render(text: string): string[] {
  return renderArgument(text, CONTEXT)
}
