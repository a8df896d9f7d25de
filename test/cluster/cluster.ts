// `npm run cluster -- up|push|deploy|validate|chaos|faults|interrupts|shell HOST|status|down`: a whole cluster of real Debian hosts on this machine.
import { spawnSync } from 'node:child_process'
import { textArgument, textOption, type Call, type Program } from '../../core/cli/command.ts'
import { EXIT } from '../../core/cli/exit.ts'
import { main } from '../../core/cli/main.ts'
import { closeLab, findLab } from '../hosts/lab.ts'
import { damageEverything } from './chaos.ts'
import { deploy } from './deploy.ts'
import { makeEveryFault } from './faults.ts'
import { HOSTS, LAB, MASTER } from './hosts.ts'
import { interruptDeployments } from './interrupts.ts'
import { pushSources } from './sources.ts'
import { randomOf } from '../random.ts'
import { bringUp, makeRelease } from './up.ts'

const cluster: Program = {
  name: 'npm run cluster --',
  summary: `Real Debian hosts, booted by systemd on this machine: ${HOSTS.join(', ')}. Needs root on Linux.`,
  commands: [
    {
      name: 'up',
      summary: 'Boots the hosts, installs the master from a release, and lets all of them join it.',
      examples: ['npm run cluster -- up'],
      options: [{ flags: '--release <file>', summary: 'A release that was packed before; packed anew when left out' }],
      async run(call) {
        const note = noteOf(call)
        await bringUp(textOption(call, 'release') ?? (await makeRelease(note)), note)
        call.io.print("All hosts are up and have joined. Next: 'npm run cluster -- deploy'.")
        return EXIT.ok
      },
    },
    {
      name: 'deploy',
      summary: 'Runs the orchestration `deploy` on the master.',
      examples: ['npm run cluster -- deploy'],
      async run({ io }) {
        if ((await deploy((await findLab(LAB)).host(MASTER), show)) !== 0) return EXIT.failed
        io.print("Deployed. Look around: 'npm run cluster -- shell tracker'.")
        return EXIT.ok
      },
    },
    {
      name: 'push',
      summary:
        "Commits this checkout's states, roles and orchestrations to the master's repository, as they lie here now.",
      examples: ['npm run cluster -- push'],
      async run({ io }) {
        io.print(await pushSources((await findLab(LAB)).host(MASTER)))
        return EXIT.ok
      },
    },
    {
      name: 'validate',
      summary: 'Checks the deployed cluster on the master: one line for each check.',
      examples: ['npm run cluster -- validate'],
      async run() {
        const words = (await findLab(LAB)).host(MASTER).enter(['butler-master', 'validate'])
        const [program, ...rest] = words
        return spawnSync(program, rest, { stdio: 'inherit' }).status === 0 ? EXIT.ok : EXIT.failed
      },
    },
    {
      name: 'chaos',
      summary:
        'Does every damage there is to these hosts or to all, and sees that plan names it and highstate mends it.',
      arguments: [{ name: '[hosts...]', summary: `Some of ${HOSTS.join(', ')}` }],
      examples: ['npm run cluster -- chaos', 'npm run cluster -- chaos db-server'],
      async run({ io, args }) {
        const hosts = Array.isArray(args['hosts']) ? args['hosts'] : HOSTS
        const wrong = await damageEverything(await findLab(LAB), hosts, (line) => io.print(line))
        io.print(
          wrong === 0 ? 'All damage was named and mended.' : `${wrong} were not named or mended as they should be.`,
        )
        return wrong === 0 ? EXIT.ok : EXIT.failed
      },
    },
    {
      name: 'faults',
      summary: 'Makes a fault for each line of `validate`, and sees that it turns red, and no other.',
      arguments: [{ name: '[pattern]', summary: "Only those whose host and line match, such as 'tracker|consul'" }],
      examples: ['npm run cluster -- faults', "npm run cluster -- faults 'job-queue: rabbitmqctl'"],
      async run({ io, args }) {
        const pattern = new RegExp(typeof args['pattern'] === 'string' ? args['pattern'] : '', 'u')
        const wrong = await makeEveryFault(await findLab(LAB), pattern, (line) => io.print(line))
        io.print(wrong === 0 ? 'All faults were seen.' : `${wrong} were not seen as they should be.`)
        return wrong === 0 ? EXIT.ok : EXIT.failed
      },
    },
    {
      name: 'interrupts',
      summary: 'Deploys five times and kills the master or a minion each time; then once more, which must end well.',
      details: 'Best on hosts that nothing was deployed to yet.',
      examples: ['npm run cluster -- interrupts', 'npm run cluster -- interrupts --seed 7'],
      options: [{ flags: '--seed <number>', summary: 'Whom and when, as in an earlier run that printed it' }],
      async run(call) {
        const { io } = call
        const seed = Number(textOption(call, 'seed') ?? Date.now() % 1_000_000)
        io.print(`Seed ${seed}.`)
        const ok = await interruptDeployments(await findLab(LAB), 5, randomOf(seed), (line) => io.note(line.trimEnd()))
        io.print(ok ? 'The last deployment ended well.' : 'The last deployment failed.')
        return ok ? EXIT.ok : EXIT.failed
      },
    },
    {
      name: 'shell',
      summary: "A root shell on a host; with words after '--', just that command.",
      arguments: [
        { name: 'host', summary: `One of ${HOSTS.join(', ')}` },
        { name: '[words...]', summary: 'A command to run instead of a shell' },
      ],
      examples: ['npm run cluster -- shell tracker', 'npm run cluster -- shell master butler-master minions'],
      async run(call) {
        const host = (await findLab(LAB)).host(textArgument(call, 'host'))
        const given = call.args['words']
        const [first = 'bash', ...rest] = Array.isArray(given) ? given : []
        const [program, ...words] = host.enter([first, ...(given === undefined ? ['-l'] : rest)])
        const { status } = spawnSync(program, words, { stdio: 'inherit' })
        return status === 0 ? EXIT.ok : EXIT.failed
      },
    },
    {
      name: 'status',
      summary: 'Which hosts are up, and what the master says of its minions.',
      examples: ['npm run cluster -- status'],
      async run({ io }) {
        const lab = await findLab(LAB)
        for (const name of HOSTS) {
          const { stdout } = await lab.host(name).run(['systemctl', 'is-system-running'])
          io.print(`${name.padEnd(12)} ${lab.host(name).address.padEnd(15)} ${stdout.trim()}`)
        }
        io.print(await lab.host(MASTER).must(['butler-master', 'minions']))
        return EXIT.ok
      },
    },
    {
      name: 'down',
      summary: 'Powers the hosts off and removes all of them.',
      examples: ['npm run cluster -- down'],
      async run({ io }) {
        await closeLab(LAB)
        io.print('Nothing is left of the cluster but the cache of packages.')
        return EXIT.ok
      },
    },
  ],
}

function show(text: string): void {
  process.stderr.write(text)
}

function noteOf({ io }: Call): (text: string) => void {
  const start = performance.now()
  return (text) => io.note(`${((performance.now() - start) / 1000).toFixed(0).padStart(4)} s  ${text}`)
}

await main(cluster, '', process.argv.slice(2))
