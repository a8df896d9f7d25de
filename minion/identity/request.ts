import forge from 'node-forge'

/** A certificate request (PKCS#10, PEM) for an id, signed with its key. Heavy: load it only where one is made. */
export function makeRequest(id: string, key: string): string {
  const privateKey = forge.pki.privateKeyFromPem(key)
  const request = forge.pki.createCertificationRequest()
  request.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e)
  request.setSubject([{ name: 'commonName', value: id }])
  request.sign(privateKey, forge.md.sha256.create())
  return forge.pki.certificationRequestToPem(request)
}
