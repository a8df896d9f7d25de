import { createPublicKey } from 'node:crypto'
import { makeCertificate } from '../../../master/pki/certificate.ts'
import { keyToPem, makeKey } from '../../../master/pki/key.ts'
import { writeFiles } from '../folder.ts'

const DAY = 86_400_000

/** A CA as the cluster's is, and a key and certificate of it for this machine: `ca.crt`, `tls.key` and `tls.crt` in the folder. */
export async function makeCertificates(
  folder: string,
  ca = 'Test CA',
): Promise<{ ca: string; key: string; cert: string }> {
  const [caKey, key] = [await makeKey(), await makeKey()]
  const order = { issuer: ca, issuerKey: caKey, from: Date.now() - DAY, until: Date.now() + DAY }
  const root = makeCertificate({ ...order, name: ca, publicKey: createPublicKey(caKey), use: 'ca' })
  const names = [{ dns: 'localhost' }]
  const cert = makeCertificate({ ...order, name: 'localhost', publicKey: createPublicKey(key), use: 'service', names })
  const pem = keyToPem(key)
  writeFiles(folder, { 'ca.crt': root, 'tls.key': pem, 'tls.crt': cert })
  return { ca: root, key: pem, cert }
}
