import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { type ZodType, z } from 'zod'
import { isRecord } from '../oci/descriptor.ts'

// What each action hands on is its schema: nothing else of its input reaches what it does.
const handed = vi.hoisted(() => ({ schemas: [] as unknown[] }))
vi.mock('./act.ts', () => ({
  act: async (schema: unknown) => {
    handed.schemas.push(schema)
    return { ok: false }
  },
}))

/** The sign-in forms, which read single fields. */
const FORMS = 'session.ts'

it('no action accepts a field that its input doesn’t have, at any depth', async () => {
  const loose: string[] = []
  let objects = 0
  for (const file of globSync('*.ts', { cwd: import.meta.dirname })) {
    if (file === 'act.ts' || file === FORMS || file.endsWith('.test.ts')) continue
    const actions = (await import(join(import.meta.dirname, file))) as Record<string, () => Promise<unknown>>
    for (const [name, action] of Object.entries(actions)) {
      handed.schemas.length = 0
      await action()
      expect(handed.schemas, `${file} ${name} parses its input once`).toHaveLength(1)
      const schema = handed.schemas[0] as ZodType
      for (const object of objectsIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))) {
        objects++
        if (object.additionalProperties !== false) loose.push(`${file} ${name}: ${JSON.stringify(object)}`)
      }
    }
  }
  expect(loose).toEqual([])
  expect(objects).toBeGreaterThan(50)
})

function objectsIn(schema: unknown): Record<string, unknown>[] {
  if (typeof schema !== 'object' || schema === null) return []
  const below = Object.values(schema).flatMap(objectsIn)
  return isRecord(schema) && schema.type === 'object' ? [schema, ...below] : below
}
