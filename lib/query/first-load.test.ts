import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const SHELL = 'app/(shell)'

it.each([
  `${SHELL}/layout.tsx`,
  `${SHELL}/not-found.tsx`,
  `${SHELL}/page.tsx`,
  `${SHELL}/r/[registry]/[[...path]]/page.tsx`,
  `${SHELL}/search/page.tsx`,
  `${SHELL}/labels/page.tsx`,
  `${SHELL}/diff/page.tsx`,
])('%s doesn’t load react-query at first', (page) => {
  expect(pathTo('lib/query/hooks.ts', page)).toBeUndefined()
})

/** How a module reaches another by imports that are not lazy; undefined where it doesn't. */
function pathTo(goal: string, start: string): readonly string[] | undefined {
  const seen = new Set<string>()
  const follow = (file: string, way: readonly string[]): readonly string[] | undefined => {
    if (file === goal) return [...way, file]
    if (seen.has(file)) return undefined
    seen.add(file)
    for (const next of staticImports(file)) {
      const found = follow(next, [...way, file])
      if (found) return found
    }
    return undefined
  }
  return follow(start, [])
}

function staticImports(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const named = text.matchAll(/^(?:import|export) (?!type )[^;]*? from '([^']+)'/gm)
  return Array.from(named, ([, from = '']) => from)
    .filter((from) => from.startsWith('.') || from.startsWith('@/'))
    .map((from) => (from.startsWith('@/') ? from.slice(2) : join(dirname(file), from)))
    .flatMap((path) =>
      [path, `${path}.tsx`, `${path}.ts`].filter((one) => /\.tsx?$/.test(one) && existsSync(join(ROOT, one))),
    )
}
