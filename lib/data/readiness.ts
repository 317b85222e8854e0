import 'server-only'
import { randomUUID } from 'node:crypto'
import { unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { config, configProblem } from '../config/config.ts'
import { fileProblem } from '../config/config-error.ts'
import { stopping } from '../config/stopping.ts'
import type { StoreErrorCode } from '../store/store-error.ts'
import { storeProblem } from '../store/the-store.ts'

export interface Readiness {
  readonly ready: boolean
  readonly checks: {
    /** A process that was asked to stop answers what is under way, and takes nothing new. */
    readonly process: 'ok' | 'stopping'
    /** If the changed file has an error, the settings from the start still apply. */
    readonly configuration: 'ok' | 'error in the changed file'
    readonly dataFolder: string
    /** Pages come from the registries while the database is unreachable, so it doesn't make the process unready. */
    readonly database: 'ok' | StoreErrorCode
  }
}

/** Whether this process can serve. Registries don't count: one that is down must not take Lading down as well. */
export async function readReadiness(): Promise<Readiness> {
  const isStopping = stopping().aborted
  const dataFolder = await writability(config().dataDir)
  return {
    ready: dataFolder === 'ok' && !isStopping,
    checks: {
      process: isStopping ? 'stopping' : 'ok',
      configuration: configProblem() === undefined ? 'ok' : 'error in the changed file',
      dataFolder,
      database: storeProblem()?.code ?? 'ok',
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
    return `can’t be written: ${fileProblem(error)}`
  }
}
