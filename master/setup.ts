import type { Command } from '../core/cli/command.ts'

export const setup: Command = {
  name: 'setup',
  summary: "Makes the master part of this machine: user, folders, settings, CA, systemd's unit. Can be run again.",
  details: 'What is there already stays as it is, the settings too. It starts nothing.',
  examples: ['butler-master setup --host master.example.org --host 192.0.2.1'],
  options: [
    {
      flags: '--host <name...>',
      summary: 'Names and addresses by which minions reach this master; the best one first',
    },
  ],
  async run(call) {
    const { setUpMachine } = await import('./machine.ts')
    return setUpMachine(call)
  },
}
