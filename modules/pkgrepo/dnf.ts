import { UserError } from '../../core/errors.ts'
import { ChangeFailed } from '../../core/module/change.ts'
import type { Host } from '../../core/module/host.ts'
import type { Repository, Want } from './repository.ts'

// Red Hat and its relatives: a section of a file in /etc/yum.repos.d.

export function dnfRepository(want: Want): Repository {
  const { name, baseurl } = want
  if (!/^[\w.:-]+$/u.test(name)) {
    throw new UserError('bad-repository', `'${name}' is no id of a repository of dnf.`, {
      hint: 'Use letters, digits, dots, - and _.',
    })
  }
  if (baseurl === undefined) {
    throw new UserError('bad-repository', `The repository '${name}' says not where its packages are.`, {
      hint: 'Give its `baseurl`.',
    })
  }
  const keyFile = want.signedby ?? (want.key_url === undefined ? undefined : `/etc/pki/rpm-gpg/RPM-GPG-KEY-${name}`)
  const lines = {
    name: want.humanname ?? name,
    baseurl,
    enabled: want.enabled ? '1' : '0',
    gpgcheck: want.gpgcheck ? '1' : '0',
    ...(keyFile === undefined ? {} : { gpgkey: `file://${keyFile}` }),
  }
  const content = [
    '# Written by Butler.',
    `[${name}]`,
    ...Object.entries(lines).map(([key, value]) => `${key}=${value}`),
    '',
  ]
  return {
    file: want.file ?? `/etc/yum.repos.d/${name}.repo`,
    content: content.join('\n'),
    keyFile: want.key_url === undefined ? undefined : keyFile,
  }
}

export async function readAgainByDnf(host: Host): Promise<void> {
  const { exitCode, stderr } = await host.run(['dnf', '-q', '-y', 'makecache'], { env: { LC_ALL: 'C' } })
  if (exitCode !== 0)
    throw new ChangeFailed(`dnf makecache failed:\n${stderr.trimEnd().split('\n').slice(-5).join('\n')}`)
}
