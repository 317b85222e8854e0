import 'server-only'
import { randomUUID } from 'node:crypto'
import { unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { config, configProblem } from '../config/config.ts'
import { fileProblem } from '../config/config-error.ts'
import { backgroundLock } from '../store/background-lock.ts'

export interface Readiness {
  readonly ready: boolean
  readonly checks: {
    /** The settings in force are those of the start where the changed file has an error. */
    readonly configuration: 'ok' | 'error in the changed file'
    readonly dataFolder: string
    /** Any number of processes may serve; one of them does the background work. */
    readonly backgroundWork: 'here' | 'in another process'
  }
}

/** Whether this process can serve. Registries are no part of it: one that is down must not take Lading down as well. */
export async function readReadiness(): Promise<Readiness> {
  const dataFolder = await writability(config().dataDir)
  return {
    ready: dataFolder === 'ok',
    checks: {
      configuration: configProblem() === undefined ? 'ok' : 'error in the changed file',
      dataFolder,
      backgroundWork: backgroundLock().held ? 'here' : 'in another process',
    },
  }
}

async function writability(folder: string): Promise<string> {
  const path = join(/*turbopackIgnore: true*/ folder, `.ready-${randomUUID()}`)
  try {
    await writeFile(/*turbopackIgnore: true*/ path, 'ok', { flag: 'wx', mode: 0o600 })
    await unlink(/*turbopackIgnore: true*/ path)
    return 'ok'
  } catch (error) {
    return `can't be written: ${fileProblem(error)}`
  }
}
