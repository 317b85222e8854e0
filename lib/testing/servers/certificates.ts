import { execFile } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Certificates {
  /** PEM text of the authority, for `ca` options. */
  readonly ca: string
  readonly caPath: string
  /** Paths of the server's PEM files. */
  readonly cert: string
  readonly key: string
}

/** Makes an authority of our own and a certificate of it for `names` (default 127.0.0.1, ::1, localhost). */
export async function makeCertificates({
  names = ['IP:127.0.0.1', 'IP:::1', 'DNS:localhost'],
  expired = false,
}: {
  names?: readonly string[]
  expired?: boolean
} = {}): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'lading-certificates-'))
  const path = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  await openssl(
    ...['req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '30'],
    ...['-subj', '/CN=Lading test authority', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  )
  await openssl('req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=Lading test server')
  await writeFile(path('server.ext'), `subjectAltName=${names.join(',')}\nextendedKeyUsage=serverAuth\n`)
  await openssl(
    ...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-out', 'server.pem', '-extfile', 'server.ext', '-days', expired ? '-1' : '30'],
  )
  return {
    ca: await readFile(path('ca.pem'), 'utf8'),
    caPath: path('ca.pem'),
    cert: path('server.pem'),
    key: path('server.key'),
  }
}
