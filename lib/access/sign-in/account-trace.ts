import type { Config } from '../../config/config.ts'
import { isAccountOf } from './account-name.ts'
import { traceOf } from './find-user.ts'

/**
 * Changes with the registry's address, so that sessions with another one's accounts end.
 * @param name as in the session
 * @returns undefined where people can't sign in with accounts of the registry, or it has none of that name
 */
export function accountTrace(config: Config, name: string, registry: string): string | undefined {
  const found = config.registries.find((entry) => entry.name === registry)
  if (found?.kind !== 'http' || !found.signIn || !isAccountOf(name, registry)) return undefined
  return traceOf(`registry ${found.url}`)
}
