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
}
