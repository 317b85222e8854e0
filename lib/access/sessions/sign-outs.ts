import { randomUUID } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { z } from 'zod'
import { steadyNow } from '../../config/steady-clock.ts'

/** When users last signed out. Sessions that began before have ended, wherever their cookie has been copied to. */
export interface SignOuts {
  /** Milliseconds since the epoch; 0 for never. */
  lastOf(username: string): Promise<number>
  record(username: string): Promise<void>
  /** Whether one session was ended, rather than all of its user. */
  hasEnded(session: string): Promise<boolean>
}

/** Kept in one small file, so that a restart does not bring a session back. Several processes may share it. */
export function openSignOuts(path: string): SignOuts {
  let held: { readonly at: number; readonly all: Readonly<Record<string, number>> } | undefined
  let writing = Promise.resolve()
  const current = async (): Promise<Readonly<Record<string, number>>> => {
    const now = performance.now()
    if (held && now - held.at < READ_AGAIN_AFTER) return held.all
    // Merged, so that a file that was lost takes nothing back.
    const all = merged(held?.all ?? {}, await readAll(path))
    held = { at: now, all }
    return all
  }
  return {
    async lastOf(username) {
      const all = await current()
      return Object.hasOwn(all, username) ? (all[username] ?? 0) : 0
    },
    hasEnded: async () => false,
    record(username) {
      // Rounded as the beginning of a session is: one that began in the same millisecond has ended too.
      const at = Math.ceil(steadyNow())
      const write = writing.then(async () => {
        const all = merged(merged(held?.all ?? {}, await readAll(path)), { [username]: at })
        held = { at: performance.now(), all }
        await writeWhole(path, all)
      })
      writing = write.catch(() => {})
      return write
    },
  }
}

/** Milliseconds. */
const READ_AGAIN_AFTER = 1000

const schema = z.record(z.string(), z.number().nonnegative())

function merged(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>) {
  const all: Record<string, number> = Object.assign(Object.create(null), one)
  for (const [name, at] of Object.entries(other)) all[name] = Math.max(all[name] ?? 0, at)
  return all
}

async function readAll(path: string): Promise<Readonly<Record<string, number>>> {
  try {
    return schema.parse(JSON.parse(await readFile(/*turbopackIgnore: true*/ path, 'utf8')))
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!isAbsent) console.error(`${path} can’t be read, so earlier sign-outs are unknown`)
    return {}
  }
}

async function writeWhole(path: string, all: Readonly<Record<string, number>>): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  const file = await open(/*turbopackIgnore: true*/ draft, 'wx', 0o600)
  try {
    await file.writeFile(JSON.stringify(all))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(/*turbopackIgnore: true*/ draft, /*turbopackIgnore: true*/ path)
}
