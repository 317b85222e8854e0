import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '..')
const OWN = 'own'
/** What takes longest comes first, so that all workers end at about the same time. */
const ORDER = ['filled', OWN, 'scoped', 'people', 'image-fixtures', 'fixtures']

/**
 * A project for the specs of each kind of servers. A worker keeps its servers for the next spec that wants the same
 * ones: in the order of their names, nearly every spec would start others, which takes seconds of processor time.
 */
export function specsByServers(): { name: string; testMatch: string[] }[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.spec.ts'))
  const kinds = Map.groupBy(names, (name) => serversOf(readFileSync(join(FOLDER, name), 'utf8')))
  return [...kinds]
    .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map(([name, specs]) => ({ name, testMatch: specs.map((spec) => `**/${spec}`) }))
}

/** The module that `test` comes from, unless the spec has its own servers. */
function serversOf(source: string): string {
  const [, module = ''] = /^import \{[^}]*\btest\b[^}]*\} from '\.\/(.+)\.ts'$/m.exec(source) ?? []
  return /\.extend[<(]|\bladingEnv\b/.test(source) || !ORDER.includes(module) ? OWN : module
}
