/**
 * The user name of somebody who signed in with their own account of a registry. Neither the file nor a provider can name
 * a user like that, so nobody gets another user's jobs, plans or rights by an account of the same name.
 */
export function accountName(registry: string, username: string): string {
  return `${username}@registry:${registry}`
}

/** Whether the name is of an account of this registry. */
export function isAccountOf(name: string, registry: string): boolean {
  return name.endsWith(accountName(registry, ''))
}

/** Whether the name is of a registry's account. */
export function isAccountName(name: string): boolean {
  return registryOfAccount(name) !== undefined
}

/** The registry whose account it is, if it is of one. */
export function registryOfAccount(name: string): string | undefined {
  return /@registry:([a-z0-9._-]+)$/.exec(name)?.[1]
}
