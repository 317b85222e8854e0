import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folderFiles } from './image-files.ts'

// podman refuses a layer that has a path twice: "duplicates of file paths not supported".
it('packs a link to a folder as a link, without what is in the folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lading-image-files-'))
  try {
    mkdirSync(join(folder, 'packages', 'yaml'), { recursive: true })
    writeFileSync(join(folder, 'packages', 'yaml', 'index.js'), '')
    symlinkSync('packages/yaml', join(folder, 'yaml-1'))
    expect(folderFiles(folder, 'app').map(({ path, type }) => [path, type])).toEqual([
      ['app/', 'directory'],
      ['app/packages/', 'directory'],
      ['app/packages/yaml/', 'directory'],
      ['app/packages/yaml/index.js', 'file'],
      ['app/yaml-1', 'symlink'],
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
