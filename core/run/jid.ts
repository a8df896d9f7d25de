/** A job's id: Salt's 20 sortable digits, the UTC time down to the microsecond. */
export function formatJid(microsecondsSince1970: bigint): string {
  const date = new Date(Number(microsecondsSince1970 / 1000n))
  const digits = date.toISOString().replace(/\D/gu, '')
  return digits.slice(0, 17) + String(microsecondsSince1970 % 1000n).padStart(3, '0')
}

export function isJid(text: string): boolean {
  return /^\d{20}$/u.test(text)
}
