const CODES = { red: '31', green: '32', yellow: '93', cyan: '36' } as const

export type Paint = (color: keyof typeof CODES, text: string) => string

/** Colours text for a terminal, or leaves it as it is. */
export function colorful(enabled: boolean): Paint {
  return enabled ? (color, text) => `\u001B[${CODES[color]}m${text}\u001B[0m` : (_color, text) => text
}
