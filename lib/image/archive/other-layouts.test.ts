import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { parseImageConfig } from '../../oci/config.ts'
import { digestOf } from '../../oci/digester.ts'
import { openLayout, useHome } from '../testing/homes.ts'
import { entryOf, filesOf, jsonBytes, madeImage, ociArchive, savedArchive } from '../testing/made-archives.ts'
import { type ArchiveMember, archiveStream } from './archive-stream.ts'
import { loadArchive } from './load-archive.ts'

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'lading-folders-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const image = madeImage('packed')
const file = (path: string, content: Buffer): ArchiveMember => ({ path, size: content.length, content })

/** The archive unpacked, and packed again with the folder around it. */
async function packedAround(archive: Readable, name: string, ...more: readonly string[]) {
  const inside = join(folder, name)
  await mkdir(inside, { recursive: true })
  await writeFile(join(folder, 'in.tar'), archive)
  await run('tar', ['-xf', join(folder, 'in.tar'), '-C', inside])
  for (const beside of more) await writeFile(join(folder, beside), 'x')
  const [top = ''] = name.split('/')
  await run('tar', ['-cf', join(folder, 'out.tar'), '-C', folder, ...more.map((each) => `./${each}`), `./${top}`])
  return Readable.from(await buffer(createReadStream(join(folder, 'out.tar'))))
}

describe('a tar of the folder around', () => {
  const home = useHome(openLayout)
  const layout = () => ociArchive([entryOf(image.manifest, '1.0')], filesOf(image))
  const saved = () => savedArchive([{ image, names: ['team/app:1.0'] }])

  it.each([
    ['a layout', layout, 'myimage', []],
    ['a layout that is two folders down', layout, 'a/b', []],
    ['a layout, made on a Mac', layout, 'mac', ['._mac']],
    ['what docker save writes', saved, 'saved', []],
  ] as const)('%s loads as that', async (_, archive, name, beside) => {
    const { images } = await loadArchive(home().fresh(), await packedAround(archive(), name, ...beside))
    expect(images).toMatchObject([{ tag: '1.0', missing: [] }])
    expect(archive === saved || images[0]?.digest === digestOf(image.manifest)).toBe(true)
  })

  it('two layouts is refused, as no one tells which is meant', async () => {
    const members = ['a', 'b'].flatMap((each) =>
      [file('index.json', jsonBytes({ schemaVersion: 2, manifests: [] }))].map(({ path, ...rest }) => ({
        path: `${each}/${path}`,
        ...rest,
      })),
    )
    await expect(loadArchive(home().fresh(), archiveStream(members))).rejects.toMatchObject({ code: 'archive' })
  })
})

describe('an archive of docker save before 1.10', () => {
  const home = useHome(openLayout)
  const [base, leaf] = ['1'.repeat(64), '2'.repeat(64)]
  const layers = [madeImage('base').layer, madeImage('leaf').layer]
  const members = (more: object = {}) => [
    file(`${base}/VERSION`, Buffer.from('1.0')),
    file(`${base}/json`, jsonBytes({ id: base, created: '2014-01-01T00:00:00Z', container_config: { Cmd: ['ADD'] } })),
    file(`${base}/layer.tar`, layers[0] as Buffer),
    file(`${leaf}/VERSION`, Buffer.from('1.0')),
    file(
      `${leaf}/json`,
      jsonBytes({
        id: leaf,
        parent: base,
        created: '2014-01-02T00:00:00Z',
        os: 'linux',
        architecture: 'amd64',
        config: { Cmd: ['sh'], Labels: { team: 'quay' } },
        ...more,
      }),
    ),
    file(`${leaf}/layer.tar`, layers[1] as Buffer),
    file('repositories', jsonBytes({ 'team/app': { '1.0': leaf, latest: leaf } })),
  ]

  it('loads with its layers, configuration and history, as Docker converts it', async () => {
    const repository = home().fresh()
    const { images } = await loadArchive(repository, archiveStream(members()))
    expect(images.map(({ name, tag }) => [name, tag])).toEqual([
      ['team/app:1.0', '1.0'],
      ['team/app:latest', 'latest'],
    ])
    expect(new Set(images.map(({ digest }) => digest)).size).toBe(1)
    const manifest = await repository.manifest(images[0]?.digest as never)
    if (manifest.kind !== 'oci-image') throw new Error(manifest.kind)
    expect(manifest.layers.map(({ digest }) => digest)).toEqual(layers.map((layer) => digestOf(layer)))
    const config = parseImageConfig(await repository.blobBytes(manifest.config.digest))
    expect(config).toMatchObject({
      created: '2014-01-02T00:00:00Z',
      os: 'linux',
      cmd: ['sh'],
      diffIds: layers.map((layer) => digestOf(layer)),
      history: [{ createdBy: 'ADD' }, {}],
    })
    expect([...config.labels]).toEqual([['team', 'quay']])
  })

  it('is refused where a parent is missing, or the images have no end', async () => {
    const load = (some: readonly ArchiveMember[]) => loadArchive(home().fresh(), archiveStream([...some]))
    await expect(load(members().slice(3))).rejects.toMatchObject({ kind: 'missing-content' })
    await expect(load(members({ parent: leaf }))).rejects.toMatchObject({ code: 'archive' })
    const bad = file('repositories', jsonBytes({ 'team/app': { '1.0': '../../etc' } }))
    await expect(load([...members().slice(0, -1), bad])).rejects.toMatchObject({ code: 'archive' })
  })
})
