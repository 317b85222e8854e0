import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

interface ProgramFiles {
  /** Source files, as paths from the root. */
  readonly sources: readonly string[]
  /** Names of the packages that they import. */
  readonly packages: readonly string[]
}

/** What imports something at run time. */
const IMPORT = /^(?:import|export)\s(?!type\b)[^'"]*?\bfrom\s'([^']+)'/gm

/** Everything that programs import, directly or not. @param programs paths from `root` */
export function programFiles(programs: readonly string[], root: string): ProgramFiles {
  const sources = new Set<string>()
  const packages = new Set<string>()
  const add = (path: string) => {
    if (sources.has(path)) return
    sources.add(path)
    for (const [, name = ''] of readFileSync(join(root, path), 'utf8').matchAll(IMPORT)) {
      if (name.startsWith('.')) add(join(dirname(path), name))
      else if (!name.startsWith('node:')) packages.add(name)
    }
  }
  for (const program of programs) add(program)
  return { sources: [...sources].sort(), packages: [...packages].sort() }
}
