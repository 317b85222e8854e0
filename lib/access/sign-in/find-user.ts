import { createHash } from 'node:crypto'
import type { Config } from '../../config/config.ts'
import type { Person } from '../actor.ts'
import { findAccount } from './accounts.ts'

export interface KnownUser extends Person {
  /** Changes with the password, or with the account at the provider: sessions of another one have ended. */
  readonly trace: string
  /** When the provider last confirmed the account; absent for users of the configuration. */
  readonly confirmedAt?: number
}

/** The user of that name as they are now: of the configuration, or else of the provider. */
export async function findUser(config: Config, username: string): Promise<KnownUser | undefined> {
  const user = config.users.find((candidate) => candidate.username === username)
  if (user) {
    const { groups, role, passwordHash } = user
    return { username, groups, ...(role && { role }), trace: traceOf(passwordHash) }
  }
  if (!config.oidc) return undefined
  const account = await findAccount(username)
  if (account?.issuer !== config.oidc.issuer) return undefined
  // A provider may name thousands of groups: only those that rights are given to matter here.
  const granted = new Set(config.grants.flatMap(({ subject }) => ('group' in subject ? [subject.group] : [])))
  const groups = [...granted].filter((group) => account.groups.has(group))
  return { username, groups, trace: traceOf(`${account.issuer} ${account.subject}`), confirmedAt: account.confirmedAt }
}

export function traceOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
