export interface RunDefaults {
  readonly user?: string
  readonly directory?: string
  readonly stopSignal?: string
}

/**
 * What runtimes use where a config (config.md, "User", "WorkingDir", "StopSignal") says nothing. Windows stops containers
 * without a signal. @param platform as `formatPlatform` prints it
 */
export function runDefaults(platform: string | undefined): RunDefaults {
  const [os] = platform?.split(/[(/]/) ?? []
  if (os === 'linux' || os === 'freebsd') return { user: 'root', directory: '/', stopSignal: 'SIGTERM' }
  return os === 'windows' ? { user: 'ContainerAdministrator', directory: 'C:\\' } : {}
}
