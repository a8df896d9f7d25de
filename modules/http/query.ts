import { args, text } from '../../core/module/args.ts'
import { fn } from '../../core/module/fn.ts'
import { asking, request } from './request.ts'

export const query = fn({
  summary: 'What a web server answers: status and text.',
  args: () => args({ url: text('The address.'), ...asking }),
  example: 'http.query http://127.0.0.1:8500/v1/status/leader',
  changes: true,
  async run(host, { url, ...want }) {
    const { status, body } = await request(host, url, want)
    return { status, text: body }
  },
})
