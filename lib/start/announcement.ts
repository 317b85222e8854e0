import type { Config } from '../config/config.ts'
import { isLoopback } from '../config/is-loopback.ts'
import type { FirstPassword } from './first-password.ts'

/** What the person who starts Lading needs to know: its address, how to sign in, and what visitors may do without. */
export function announcement(config: Config, first: FirstPassword | undefined): readonly string[] {
  const host = config.host === '0.0.0.0' ? '127.0.0.1' : config.host === '::' ? '[::1]' : bracketed(config.host)
  const lines = ['', `Lading is at ${config.baseUrl ?? `http://${host}:${config.port}${config.basePath}`}`]
  if (first && 'password' in first)
    lines.push(
      `Sign in as admin with the password ${first.password}`,
      'It is shown only once; Lading keeps only its hash.',
    )
  if (first && 'file' in first)
    lines.push(
      `Sign in as admin with the password in ${first.file}`,
      'Only its owner can read that file. Delete it when you have the password; Lading needs only its hash.',
    )
  lines.push(anonymousLine(config))
  if (config.readOnly) lines.push('Read-only: every change is refused.')
  if (!isLoopback(config.host) && !config.baseUrl?.startsWith('https:')) {
    lines.push(
      `Warning: other machines can reach ${config.host} without TLS, so passwords could be read on the way.`,
      'Put a proxy with TLS in front and set NEXTAUTH_URL=https://…, or leave HOST at 127.0.0.1.',
    )
  }
  return [...lines, '']
}

function anonymousLine({ anonymousRole, anonymousOnLoopbackOnly, host }: Config): string {
  if (anonymousRole === 'none') return 'Without signing in, visitors see nothing (ANONYMOUS_ROLE is none).'
  const where = anonymousOnLoopbackOnly
    ? ', only for requests that come straight from this machine'
    : isLoopback(host)
      ? ''
      : ', from anywhere'
  return `Without signing in, visitors are ${anonymousRole === 'admin' ? 'admins' : `${anonymousRole}s`}${where} (ANONYMOUS_ROLE).`
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
