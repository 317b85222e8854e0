const HOME = Symbol.for('lading.process-wide')

interface Global {
  [HOME]?: Map<string, unknown>
}

/**
 * One value per process and name. Next bundles a module once per layer and route group, so module-level state exists
 * several times; caches and connections must not.
 */
export function processWide<T>(name: string, create: () => T): T {
  const global = globalThis as Global
  global[HOME] ??= new Map()
  const values = global[HOME]
  if (!values.has(name)) values.set(name, create())
  return values.get(name) as T
}
