import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { UserActor } from '../../access/actor.ts'

/** An admin. */
export const anna: UserActor = {
  kind: 'user',
  username: 'anna',
  groups: [],
  role: 'admin',
  grants: [],
  readOnly: false,
}

/** Another admin. */
export const ada: UserActor = { ...anna, username: 'ada' }

/** Sees `team/**` of `hub`, and nothing else. */
export const bo: UserActor = {
  kind: 'user',
  username: 'bo',
  groups: [],
  role: 'none',
  readOnly: false,
  grants: [{ subject: { user: 'bo' }, role: 'viewer', registry: 'hub', repository: 'team/**', allow: [] }],
}

/**
 * Configures the data layer of this process and of those that it starts, with anna and ada as its users.
 * @param registries URLs by name
 * @param policies the policy file
 * @returns the folder that holds its configuration and its data, for the caller to remove
 */
export async function configure(registries: Readonly<Record<string, string>>, policies?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lading-data-'))
  const config = {
    registries: Object.entries(registries).map(([name, url]) => ({ name, url })),
    users: [anna, ada].map(({ username, role }) => ({ username, role, passwordHash: `$2b$04$${'a'.repeat(53)}` })),
  }
  await writeFile(join(folder, 'lading.yaml'), stringify(config))
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
  if (policies !== undefined) {
    await writeFile(join(folder, 'policy.yaml'), policies)
    process.env.POLICY_FILE = join(folder, 'policy.yaml')
  }
  return folder
}
