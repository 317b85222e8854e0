import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { archivedNames } from './archived-names.ts'

const folder = mkdtempSync(join(tmpdir(), 'lading-names-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** An archive that GNU tar makes. */
function tarOf(files: Record<string, string>): Buffer {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return execFileSync('tar', ['-C', folder, '-cf', '-', ...Object.keys(files)])
}

const index = (...names: (string | undefined)[]) =>
  JSON.stringify({
    manifests: names.map((name) => ({ annotations: name && { 'org.opencontainers.image.ref.name': name } })),
  })

test('reads an OCI archive’s names from its index, however much content comes first', async () => {
  const archive = tarOf({
    layer: 'x'.repeat(100_000),
    'oci-layout': '{}',
    'index.json': index('1.0', '1.1', undefined, '1.0'),
  })
  expect(await archivedNames(new Blob([Uint8Array.from(archive)]))).toEqual(['1.0', '1.1', ''])
})

test('reads docker save’s names from its tags, even where its index lists nothing', async () => {
  const saved = JSON.stringify([{ RepoTags: ['app:1', 'app:2'] }, { RepoTags: null }])
  const archive = tarOf({ 'index.json': '{"manifests":null}', 'manifest.json': saved })
  expect(await archivedNames(new Blob([Uint8Array.from(archive)]))).toEqual(['app:1', 'app:2', ''])
})

test('finds no names in compressed, empty or broken files, nor in other archives', async () => {
  const archive = tarOf({ 'index.json': index('1.0') })
  for (const bytes of [gzipSync(archive), Buffer.alloc(0), Buffer.from('x'.repeat(2000)), tarOf({ 'index.json': '{' })])
    expect(await archivedNames(new Blob([Uint8Array.from(bytes)]))).toBeUndefined()
})
