import { spawn } from 'node:child_process'
import { isRecord } from '../../../oci/descriptor.ts'
import { RegistryError } from '../../errors.ts'
import type { Credentials } from './credentials.ts'

const TIME_LIMIT = 20_000
const OUTPUT_LIMIT = 64 * 1024

/**
 * Asks `docker-credential-<name> get` for the credentials of a server (docker/docker-credential-helpers, "protocol"):
 * its address on standard input, JSON on standard output. Undefined when the helper knows none.
 * @throws RegistryError `unauthorized` when the helper is missing, fails or takes too long
 */
export async function credentialHelper(name: string, server: string): Promise<Credentials | undefined> {
  // The name becomes part of a program's: a path would run anything.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw failed('its name', 'is not a plain name')
  const program = `docker-credential-${name}`
  const { code, output } = await run(program, server)
  if (code !== 0) {
    if (/credentials not found/i.test(output)) return undefined
    // Its output may contain a secret, so only its status is reported.
    throw failed(program, `ended with status ${code}`)
  }
  const { Username: username, Secret: secret } = parse(program, output)
  if (typeof username !== 'string' || typeof secret !== 'string') throw failed(program, 'gave an unexpected answer')
  return username === '<token>' ? { identityToken: secret } : { username, password: secret }
}

function run(program: string, server: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], { stdio: ['pipe', 'pipe', 'ignore'], timeout: TIME_LIMIT })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.length > OUTPUT_LIMIT) child.kill()
    })
    child.on('error', () => reject(failed(program, 'can’t be started; is it installed and in the PATH?')))
    child.on('close', (code) => resolve({ code, output: output.slice(0, OUTPUT_LIMIT) }))
    // A helper that does not read its input is reported by its status.
    child.stdin.on('error', () => undefined).end(server)
  })
}

function parse(program: string, output: string): Record<string, unknown> {
  try {
    const document: unknown = JSON.parse(output)
    return isRecord(document) ? document : {}
  } catch {
    throw failed(program, 'didn’t answer in JSON')
  }
}

function failed(program: string, why: string): RegistryError {
  return new RegistryError('unauthorized', `the credential helper ${program} ${why}`)
}
