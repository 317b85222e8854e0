import type { Role } from './grant.ts'

export interface UserConfig {
  readonly username: string
  /** bcrypt, as `htpasswd -B` writes it. */
  readonly passwordHash: string
  readonly groups: readonly string[]
  /** What the user may do everywhere; grants add to it. */
  readonly role?: Role
}
