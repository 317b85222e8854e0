/**
 * How much processor time `work` takes of its own thread: what other programs take of a busy machine is not in it.
 * @returns its value, and the time in milliseconds
 */
export function cpuTime<T>(work: () => T): { value: T; took: number } {
  const before = process.threadCpuUsage()
  const value = work()
  const { user, system } = process.threadCpuUsage(before)
  return { value, took: (user + system) / 1_000 }
}
