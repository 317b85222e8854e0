import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { writeOnce } from '../config/write-once.ts'

/** Where the admin's first password is, as the start prints it. */
export type FirstPassword = { readonly password: string } | { readonly file: string }

export function firstPasswordPath(dataDir: string): string {
  return join(dataDir, 'admin-password')
}

/**
 * A terminal shows the password once. Everything else that is printed is kept, collected and read by others, so there
 * the password goes into a file that only its owner can read.
 */
export async function handOverPassword(
  { dataDir }: Config,
  password: string,
  isTerminal = process.stdout.isTTY === true,
): Promise<FirstPassword> {
  if (isTerminal) return { password }
  const file = firstPasswordPath(dataDir)
  // Of an earlier admin, whose users.json was deleted.
  await rm(file, { force: true })
  await writeOnce(file, `${password}\n`)
  return { file }
}
