import type { Actor } from '../access/actor.ts'
import { config } from '../config/config.ts'
import type { RegistryError } from '../registry/errors.ts'
import type { Problem } from './problem.ts'

/**
 * What people read when a registry refuses the account that they signed in with, or lists nothing for it.
 * @returns undefined for any other failure
 */
export function accountProblem(error: RegistryError, reader: Actor | 'server-log' | undefined): Problem | undefined {
  if (reader === undefined || reader === 'server-log' || reader.kind !== 'user' || !reader.account) return undefined
  if (error.reason || isOfAnother(reader.account.registry, error.host)) return undefined
  const { registry } = reader.account
  const code = `registry.${error.kind}`
  if (error.kind === 'denied')
    return {
      code,
      title: `${registry} refused access`,
      detail:
        'Your account there isn’t allowed to do this, or there is no such repository: registries answer both alike.',
      advice: `Ask the people who manage ${registry} for the right.`,
    }
  if (error.kind === 'unauthorized')
    return {
      code,
      title: `${registry} refused your account`,
      detail: 'Your account isn’t allowed to do this, or its password has changed since you signed in.',
      advice: 'If other pages fail too, sign out and sign in again.',
    }
  if (error.kind === 'unsupported' && error.repository === undefined)
    return {
      code,
      title: `${registry} doesn’t list its repositories for your account`,
      detail: 'Lading knows only those that you have opened lately.',
      advice: `Open others by their address here, /r/${registry}/ and the name.`,
    }
  return undefined
}

/** A registry may check passwords at a host of its own. */
function isOfAnother(registry: string, host: string | undefined): boolean {
  return config().registries.some(
    (entry) => entry.name !== registry && entry.kind === 'http' && URL.parse(entry.url)?.host === host,
  )
}
