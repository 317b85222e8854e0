import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The inputs of a build. Tests are not among them. */
const SOURCES = [
  'app',
  'components',
  'instrumentation.ts',
  'lib',
  'next.config.mjs',
  'package-lock.json',
  'postcss.config.mjs',
  'proxy.ts',
  'public',
  'tsconfig.json',
]
const BUILD_VARIABLES = ['BASE_PATH', 'LADING_STANDALONE']

/** A hash of everything that a build of `root` depends on. */
export function sourceStamp(root: string, env: Readonly<Record<string, string | undefined>> = process.env): string {
  const hash = createHash('sha256')
  for (const name of BUILD_VARIABLES) hash.update(`${name}=${env[name] ?? ''}\0`)
  for (const path of SOURCES.flatMap((source) => filesBelow(root, source))) {
    const content = readFileSync(join(root, path))
    hash.update(`${path}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

/** Whether `.next` has a finished build of exactly these sources. */
export function isCurrentBuild(root: string, stamp: string): boolean {
  const hasBuild = statSync(join(root, '.next', 'BUILD_ID'), { throwIfNoEntry: false })?.isFile() ?? false
  return hasBuild && readStamp(root) === stamp
}

/** Call after the build: `next build` empties the folder. */
export function writeStamp(root: string, stamp: string): void {
  writeFileSync(stampPath(root), stamp)
}

function readStamp(root: string): string | undefined {
  try {
    return readFileSync(stampPath(root), 'utf8')
  } catch {
    return undefined
  }
}

function stampPath(root: string): string {
  return join(root, '.next', 'lading-sources')
}

function filesBelow(root: string, path: string): string[] {
  const stat = statSync(join(root, path), { throwIfNoEntry: false })
  if (!stat) return []
  if (stat.isFile()) return /\.test\.tsx?$/.test(path) ? [] : [path]
  const names = readdirSync(join(root, path)).sort()
  return names.flatMap((name) => filesBelow(root, `${path}/${name}`))
}
