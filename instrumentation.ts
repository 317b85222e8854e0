export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  const { assertNodeVersion } = await import('./lib/start/node-version')
  assertNodeVersion()
  const { startServer } = await import('./lib/start/start-server')
  await startServer()
  const { recordAccess } = await import('./lib/data/audit/record-access')
  recordAccess()
  const { startBackgroundWork } = await import('./lib/data/background-work')
  startBackgroundWork()
  // In development, pages are compiled when they are asked for.
  if (process.env.NODE_ENV !== 'production') return
  const { config } = await import('./lib/config/config')
  const { warmUp } = await import('./lib/start/warm-up')
  void warmUp(config())
}
