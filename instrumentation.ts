export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  const { startServer } = await import('./lib/start/start-server')
  await startServer()
  const { settleInterrupted } = await import('./lib/data/changes/settle')
  const { resumeJobs } = await import('./lib/data/jobs/jobs')
  const { reportRegistries } = await import('./lib/data/registries/report-registries')
  // None is awaited: a registry that is down must not hold up the start.
  void reportRegistries()
  void resumeJobs()
    .then(settleInterrupted)
    .catch((error) => console.error('Interrupted jobs and changes could not be resumed', error))
}
