/** The name of the reason that work is aborted with when its process ends: it will be continued. */
export const SHUTDOWN = 'ShutdownError'

/** Whether work was aborted because its process is stopping or another one has taken it over, rather than cancelled. */
export function isInterrupted({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof Error && (reason.name === SHUTDOWN || reason.name === 'LeaseError')
}
