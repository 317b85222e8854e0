import { spawn } from 'node:child_process'
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isCurrentBuild, sourceStamp, writeStamp } from './build-stamp.ts'
import { programFiles } from './program-files.ts'
import PROGRAMS from './standalone/programs.json' with { type: 'json' }

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Builds the app unless its build is current. @returns whether the app is built now */
export async function ensureBuild(env: NodeJS.ProcessEnv, root = ROOT): Promise<boolean> {
  const stamp = sourceStamp(root, env)
  if (isCurrentBuild(root, stamp)) return true
  console.log('Building Lading, which takes about half a minute. The next start won’t need to.')
  if (!(await runNextBuild(root, env))) return false
  if (env.LADING_STANDALONE) completeStandalone(root)
  writeStamp(root, stamp)
  return true
}

const PROGRAM: ReadonlySet<string> = new Set(['.next', 'node_modules', 'package.json', 'server.js'])
/** Read when the database is opened. */
const MIGRATIONS = join('lib', 'store', 'migrations')
/** Next scales pictures with these, and no page has any. */
const UNUSED = ['@img', 'sharp']

/** Next leaves what browsers load out of its standalone folder. What it traced beyond the program goes. */
function completeStandalone(root: string): void {
  const standalone = join(root, '.next', 'standalone')
  for (const name of readdirSync(standalone))
    if (!PROGRAM.has(name)) rmSync(join(standalone, name), { recursive: true })
  for (const name of UNUSED) rmSync(join(standalone, 'node_modules', name), { recursive: true, force: true })
  const { sources, packages } = programFiles(Object.values(PROGRAMS), root)
  // What the server needs of a package is there already.
  const missing = packages
    .map((name) => join('node_modules', name))
    .filter((path) => !existsSync(join(standalone, path)))
  for (const path of [MIGRATIONS, join('.next', 'static'), 'public', ...sources, ...missing])
    cpSync(join(root, path), join(standalone, path), { recursive: true })
  cpSync(join(root, 'lib', 'start', 'standalone'), standalone, { recursive: true })
}

function runNextBuild(root: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  // Types of routes from before an update: Next adds to them, and `tsc` would check routes that no longer exist.
  for (const types of ['types', 'dev/types']) rmSync(join(root, '.next', types), { recursive: true, force: true })
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  // With another NODE_ENV, Next would partly build for development.
  const build = spawn(process.execPath, [next, 'build'], {
    cwd: root,
    env: { ...env, NODE_ENV: 'production' },
    stdio: 'inherit',
  })
  const stop = (signal: NodeJS.Signals) => build.kill(signal)
  process.once('SIGTERM', stop).once('SIGINT', stop)
  return new Promise((resolve) => {
    build.once('error', () => resolve(false))
    build.once('close', (code) => {
      process.off('SIGTERM', stop).off('SIGINT', stop)
      resolve(code === 0)
    })
  })
}

// `npm run build`
if (import.meta.main) {
  if (await ensureBuild(process.env)) console.log('The build is current.')
  else process.exitCode = 1
}
