import type { Case } from './case.ts'

/** Files, commands, archives and repositories: they need no whole machine, and must hold on one too. */
export const FILES: readonly Case[] = [
  {
    title: 'files, folders and links',
    covers: [
      'file.managed',
      'file.directory',
      'file.symlink',
      'file.absent',
      'file.exists',
      'file.missing',
      'file.touch',
    ],
    before: 'touch /srv/old',
    states: `
/srv/site:
  file.directory:
    - mode: '0750'
/srv/site/page:
  file.managed:
    - contents: hello
    - user: daemon
    - mode: '0640'
    - require: [{ file: /srv/site }]
/srv/link:
  file.symlink:
    - target: /srv/site/page
/srv/old:
  file.absent: []
/srv/stamp:
  file.touch: []
/etc/fstab-not-there:
  file.missing: []
/etc/passwd:
  file.exists: []
`,
    damage: {
      'echo by hand >> /srv/site/page': ['/srv/site/page file.managed'],
      'chown root /srv/site/page': ['/srv/site/page file.managed'],
      'chmod 777 /srv/site': ['/srv/site file.directory'],
      'ln -sfn /etc /srv/link': ['/srv/link file.symlink'],
      'mkdir /srv/old': ['/srv/old file.absent'],
      'rm -r /srv/site': ['/srv/site file.directory', '/srv/site/page file.managed'],
    },
  },
  {
    title: 'what stands in files',
    covers: [
      'file.append',
      'file.prepend',
      'file.replace',
      'file.line',
      'file.blockreplace',
      'file.keyvalue',
      'file.comment',
      'file.uncomment',
    ],
    before: "printf 'one\\nPort 22\\n#Root no\\nOther yes\\n' > /srv/conf",
    states: `
append:
  file.append: [{ name: /srv/conf }, { text: last }]
prepend:
  file.prepend: [{ name: /srv/conf }, { text: first }]
replace:
  file.replace: [{ name: /srv/conf }, { pattern: '^one$' }, { repl: ein }]
line:
  file.line: [{ name: /srv/conf }, { content: Line here }, { mode: ensure }, { after: ein }]
block:
  file.blockreplace:
    - name: /srv/conf
    - marker_start: '# begin'
    - marker_end: '# end'
    - content: in the block
    - append_if_not_found: true
keyvalue:
  file.keyvalue: [{ name: /srv/conf }, { key: Port }, { value: '2222' }, { separator: ' ' }]
comment:
  file.comment: [{ name: /srv/conf }, { regex: '^Other' }]
uncomment:
  file.uncomment: [{ name: /srv/conf }, { regex: '^Root' }]
`,
    damage: {
      "sed -i '/^last$/d' /srv/conf": ['append file.append'],
      "sed -i 's/2222/22/' /srv/conf": ['keyvalue file.keyvalue'],
      "sed -i 's/in the block/by hand/' /srv/conf": ['block file.blockreplace'],
      "sed -i 's/^#Other/Other/' /srv/conf": ['comment file.comment'],
      "sed -i 's/^Root/#Root/' /srv/conf": ['uncomment file.uncomment'],
    },
  },
  {
    title: 'files from elsewhere',
    covers: ['file.copy', 'file.rename', 'file.recurse', 'archive.extracted', 'git.latest', 'git.cloned'],
    files: { 'tree/one': 'one\n', 'tree/below/two': 'two\n' },
    before: [
      'mkdir -p /srv/from && echo text > /srv/from/a && echo named > /srv/from/named',
      'tar -czf /srv/from.tar.gz -C /srv from',
      'apt-get install -y -q --no-install-recommends git',
      'git init -q -b main /srv/repository && cd /srv/repository',
      'git -c user.name=a -c user.email=a@localhost commit -q --allow-empty -m first',
      'git branch other',
    ].join(' && '),
    states: `
/srv/copied:
  file.copy: [{ source: /srv/from/a }]
/srv/renamed:
  file.rename: [{ source: /srv/from/named }]
/srv/tree:
  file.recurse: [{ source: 'butler://tree' }]
/srv/unpacked:
  archive.extracted:
    - source: /srv/from.tar.gz
    - enforce_toplevel: false
/srv/repository:
  git.latest: [{ target: /srv/clone }]
kept:
  git.cloned: [{ name: /srv/repository, target: /srv/kept, branch: other }]
`,
    damage: {
      'rm /srv/copied': ['/srv/copied file.copy'],
      'echo by hand > /srv/tree/below/two': ['/srv/tree file.recurse'],
      'rm /srv/tree/one': ['/srv/tree file.recurse'],
      'rm -r /srv/clone': ['/srv/repository git.latest'],
      'git -C /srv/kept checkout -q main': ['kept git.cloned'],
      'rm -r /srv/kept': ['kept git.cloned'],
      'rm -r /srv/unpacked': ['/srv/unpacked archive.extracted'],
    },
  },
  {
    title: 'data in files',
    covers: ['file.serialize'],
    before: `echo '{"kept": 1, "log": {"level": "info", "lines": 5}}' > /srv/merged.json`,
    states: `
/srv/merged.json:
  file.serialize:
    - serializer: json
    - dataset: { log: { level: debug } }
    - merge_if_exists: true
/srv/data.yaml:
  file.serialize:
    - dataset: { b: [1, two], a: { deep: yes } }
    - mode: '0600'
`,
    damage: {
      'sed -i s/debug/info/ /srv/merged.json': ['/srv/merged.json file.serialize'],
      'chmod 644 /srv/data.yaml': ['/srv/data.yaml file.serialize'],
      'rm /srv/data.yaml': ['/srv/data.yaml file.serialize'],
    },
  },
  {
    title: 'commands',
    covers: ['cmd.run', 'cmd.script', 'cmd.wait'],
    files: { 'make.sh': '#!/bin/sh\ntouch /srv/scripted\n' },
    states: `
made:
  cmd.run: [{ name: touch /srv/made }, { creates: /srv/made }]
scripted:
  cmd.script: [{ source: 'butler://make.sh' }, { creates: /srv/scripted }]
waiting:
  cmd.wait: [{ name: touch /srv/waited }, { watch: [{ cmd: made }] }]
`,
    damage: {
      'rm /srv/made': ['made cmd.run', 'waiting cmd.wait'],
      'rm /srv/scripted': ['scripted cmd.script'],
    },
  },
]
