export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  const { startServer } = await import('./lib/start/start-server')
  await startServer()
  const { recoverDeletions } = await import('./lib/data/changes/deletion-journal')
  const { resumeJobs } = await import('./lib/data/jobs/jobs')
  const { reportRegistries } = await import('./lib/data/registries/report-registries')
  // None is awaited: a registry that is down must not hold up the start.
  void reportRegistries()
  void resumeJobs().catch((error) => console.error('Jobs that were broken off could not be begun again', error))
  void recoverDeletions().catch((error) =>
    console.error('Deletions that were broken off could not be looked at', error),
  )
}
