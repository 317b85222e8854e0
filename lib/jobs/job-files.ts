import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { listFolder, replaceFile } from '../store/durable-file.ts'
import { type Job, jobSchema } from './job.ts'

/** Keeps jobs beyond the process: one JSON file each. */
export interface JobFiles {
  /**
   * Every job that can be read, oldest first. Other files are skipped.
   * @param options.tidy removes what a crash left half-written; only for the one process that writes
   */
  read(options: { readonly tidy: boolean }): Promise<Job[]>
  /** Replaces the whole file. With `durable` it has reached the disk when this resolves. */
  write(job: Job, options: { readonly durable: boolean }): Promise<void>
  remove(id: string): Promise<void>
}

/** A file larger than this was not written here. */
const LIMIT = 4 * 1024 * 1024

export function openJobFiles(folder: string): JobFiles {
  const fileOf = (id: string) => join(/*turbopackIgnore: true*/ folder, `${id}.json`)
  return {
    async read({ tidy }) {
      const names = await listFolder(folder)
      const parts = tidy ? names.filter((name) => name.endsWith('.part')) : []
      await Promise.all(parts.map((name) => rm(join(folder, name), { force: true })))
      const files = names.filter((name) => name.endsWith('.json'))
      const jobs = await Promise.all(files.map((name) => readJob(join(folder, name))))
      return jobs
        .filter((job) => job !== undefined)
        .filter((job) => files.includes(`${job.id}.json`))
        .sort((a, b) => (a.created < b.created ? -1 : a.created > b.created ? 1 : 0))
    },
    async write(job, { durable }) {
      await replaceFile(fileOf(job.id), JSON.stringify(job), { durable })
    },
    remove: (id) => rm(fileOf(id), { force: true }),
  }
}

async function readJob(file: string): Promise<Job | undefined> {
  try {
    const text = await readFile(file, 'utf8')
    if (text.length > LIMIT) return undefined
    return jobSchema.parse(JSON.parse(text))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    console.error(`${file} isn't a job and is skipped`, error instanceof Error ? error.message : error)
    return undefined
  }
}
