import { readFileSync } from 'node:fs'

/** Milliseconds of processor time that a process's main thread has used: what a busy machine doesn't lengthen. */
export function mainThreadTime(pid: number): number {
  // After the name, which may have spaces: fields 14 and 15 of proc(5), in hundredths of a second.
  const fields = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}
