import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { appendToFile, createFile, listFolder, replaceFile } from './durable-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'lading-durable-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('replaces a file whole, for its owner only, and leaves no draft behind', async () => {
  const file = join(folder, 'new', 'job.json')
  await Promise.all(['one', 'two', 'three'].map((text) => replaceFile(file, text, { durable: true })))
  expect(['one', 'two', 'three']).toContain(readFileSync(file, 'utf8'))
  expect(readdirSync(join(folder, 'new'))).toEqual(['job.json'])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await expect(replaceFile(join(folder, 'new'), 'a folder is there', { durable: false })).rejects.toThrow()
  expect(readdirSync(folder)).toEqual(['new'])
})

it('creates a file once and appends to it', async () => {
  const file = join(folder, 'journal.jsonl')
  await createFile(file, 'first\n')
  await expect(createFile(file, 'again\n')).rejects.toMatchObject({ code: 'EEXIST' })
  await appendToFile(file, 'second\n')
  expect(readFileSync(file, 'utf8')).toBe('first\nsecond\n')
})

it('lists nothing for a missing folder', async () => {
  expect(await listFolder(join(folder, 'none'))).toEqual([])
})
