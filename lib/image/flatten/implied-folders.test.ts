import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeTarHeader } from '../../oci/encode-tar-header.ts'

import { readTar } from '../tar/read-tar.ts'
import { encodeName } from '../tar/tar-entry.ts'
import { openLayout, useHome } from '../testing/homes.ts'
import { putImage, tag } from '../testing/images.ts'
import { flatten } from './flatten.ts'

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'lading-untold-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Empty files, and no folders. */
function tarOf(...paths: readonly string[]): Buffer {
  const heads = paths.map((path) => encodeTarHeader({ path: encodeName(path), type: 'file' }))
  return Buffer.concat([...heads, Buffer.alloc(1024)])
}

describe('folders that no layer mentions', () => {
  const home = useHome(openLayout)

  it('are kept, as umoci does, when their content is removed', async () => {
    const repository = home().fresh()
    const layers = [tarOf('a/b/file', 'c/d/file', 'e/f/file'), tarOf('a/b/.wh.file', 'c/.wh.d', 'e/f/.wh..wh..opq')]
    await putImage(repository, { tags: ['1'], layers })
    const [copy, bundle] = [join(folder, 'copy'), join(folder, 'bundle')]
    const source = `oci:${home().registry.location}:${repository.name}:1`
    await run('skopeo', ['copy', '-q', '--insecure-policy', source, `oci:${copy}:1`])
    await run('umoci', ['unpack', '--rootless', '--image', `${copy}:1`, bundle])
    const { stdout } = await run('find', ['.', '-mindepth', '1', '-printf', '%P\\n'], { cwd: join(bundle, 'rootfs') })
    const names: string[] = []
    for await (const { entry } of readTar((await flatten(repository, tag('1'))).stream)) names.push(entry.path)
    expect(names).toEqual(['a/', 'a/b/', 'c/', 'e/', 'e/f/'])
    expect(names.map((name) => name.slice(0, -1))).toEqual(stdout.trim().split('\n').toSorted())
  })
})
