import { UserError } from '../../core/errors.ts'
import type { View } from '../../core/module/view.ts'

export interface Check {
  check_cmd?: string | undefined
  tmp_dir?: string | undefined
  tmp_ext?: string | undefined
}

/**
 * Runs the file's own `check_cmd` on the new content before it is put in place, in a plan too: the content lies in a
 * temporary file for as long as the command runs, whose name is the command's last argument.
 */
export async function requireChecked(view: View, path: string, content: Uint8Array, check: Check): Promise<void> {
  if (check.check_cmd === undefined) return
  const { exitCode, stdout, stderr } = await view.shell(onCandidate(check.check_cmd), {
    input: base64(content),
    env: { BUTLER_EXTENSION: check.tmp_ext ?? '', ...(check.tmp_dir === undefined ? {} : { TMPDIR: check.tmp_dir }) },
  })
  if (exitCode === 0) return
  const said = `${stdout}\n${stderr}`.trim()
  throw new UserError('check-failed', `check_cmd execution failed on the new content of ${path}\n${said}`.trim(), {
    hint: 'The file was left as it is.',
  })
}

function onCandidate(command: string): string {
  return [
    'folder=$(mktemp -d) || exit',
    `trap 'rm -rf "$folder"' EXIT`,
    'candidate="$folder/candidate$BUTLER_EXTENSION"',
    'base64 -d > "$candidate" || exit',
    `${command} "$candidate"`,
  ].join('\n')
}

function base64(content: Uint8Array): string {
  const CHUNK = 0x8000
  let binary = ''
  for (let start = 0; start < content.length; start += CHUNK) {
    binary += String.fromCharCode(...content.subarray(start, start + CHUNK))
  }
  return btoa(binary)
}
