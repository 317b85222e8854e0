import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { putImage, tag } from '../image/testing/images.ts'
import { parseRepositoryName } from '../oci/reference.ts'
import { createHttpRegistry } from '../registry/http/http-registry.ts'
import { createLayout } from '../registry/layout/create-layout.ts'
import { createLayoutRegistry } from '../registry/layout/layout-registry.ts'
import { collect } from '../registry/listing.ts'
import { startDockerRegistry } from '../testing/servers/docker-registry.ts'
import { pullCommands } from './pull-commands.ts'

const run = promisify(execFile)
const root = await mkdtemp(join(tmpdir(), 'lading-shown-'))
afterAll(() => rm(root, { recursive: true, force: true }))

const EMPTY_TAR = Buffer.alloc(1024)
/** Images go to a store of this test's own. */
const storage = join(root, 'storage.conf')
await writeFile(storage, `[storage]\ndriver="vfs"\ngraphroot="${root}/graph"\nrunroot="${root}/run"\n`)
const policy = join(root, 'policy.json')
await writeFile(policy, '{"default":[{"type":"insecureAcceptAnything"}]}')

/** Runs a command as it is shown, in an empty folder. Options that only this machine needs are added. */
async function runShown(command: string): Promise<void> {
  const cwd = await mkdtemp(join(root, 'cwd-'))
  const line = command.replace(/^(skopeo|podman pull)/, (tool) =>
    tool === 'skopeo' ? `skopeo --policy ${policy}` : `podman pull --quiet --signature-policy ${policy}`,
  )
  await run('sh', ['-c', line], { cwd, env: { ...process.env, CONTAINERS_STORAGE_CONF: storage } })
}

async function isInstalled(tool: string): Promise<boolean> {
  return run('sh', ['-c', `command -v ${tool}`]).then(
    () => true,
    () => false,
  )
}

type Make = (path: string) => Promise<void>
const skopeoCopy = (path: string, name: string) =>
  run('skopeo', ['copy', '--insecure-policy', '-q', `oci:${join(root, 'origin')}:team/app:1.0`, `oci:${path}${name}`])
async function editEntries(path: string, edit: (entry: Record<string, unknown>, n: number) => object) {
  const file = join(path, 'index.json')
  const index = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...index, manifests: index.manifests.map(edit) }))
}
const annotate = (annotations: object) => (entry: Record<string, unknown>) => ({ ...entry, annotations })

await createLayout(join(root, 'origin'))
await putImage(
  createLayoutRegistry({ name: 'o', path: join(root, 'origin') }).repository(parseRepositoryName('team/app')),
  {
    tags: ['1.0'],
    layers: [EMPTY_TAR],
  },
)

/** Layouts as tools leave them, and how many of their tags a tool can name. */
const LAYOUTS: readonly (readonly [kind: string, make: Make, nameable: number])[] = [
  [
    'Lading’s own',
    async (path) => {
      await createLayout(path)
      for (const name of ['team/app', 'other'])
        await putImage(createLayoutRegistry({ name: 'x', path }).repository(parseRepositoryName(name)), {
          tags: ['1.0', '2.0'],
          layers: [EMPTY_TAR],
        })
    },
    4,
  ],
  [
    'skopeo’s, with tags',
    async (path) => {
      for (const name of [':1.0', ':1.1']) await skopeoCopy(path, name)
    },
    2,
  ],
  ['skopeo’s, with a whole name', async (path) => void (await skopeoCopy(path, ':docker.io/library/app:1.0')), 1],
  ['skopeo’s, with no name', async (path) => void (await skopeoCopy(path, '')), 1],
  [
    'umoci’s',
    async (path) => {
      await run('umoci', ['init', '--layout', path])
      await run('umoci', ['new', '--image', `${path}:1.0`])
      await run('umoci', ['new', '--image', `${path}:1.1`])
    },
    2,
  ],
  [
    'BuildKit’s, with the whole name beside the tag',
    async (path) => {
      await skopeoCopy(path, ':x')
      await editEntries(
        path,
        annotate({ 'io.containerd.image.name': 'docker.io/team/app:1.0', 'org.opencontainers.image.ref.name': '1.0' }),
      )
    },
    1,
  ],
  [
    'BuildKit’s, with one tag on two images',
    async (path) => {
      await skopeoCopy(path, ':x')
      await skopeoCopy(path, ':y')
      await editEntries(path, (entry, n) =>
        annotate({
          'io.containerd.image.name': `docker.io/team/app${n}:1.0`,
          'org.opencontainers.image.ref.name': '1.0',
        })(entry),
      )
    },
    1,
  ],
  [
    'one with a name that no tool takes',
    async (path) => {
      await skopeoCopy(path, ':x')
      await editEntries(path, annotate({ 'io.containerd.image.name': 'docker.io/team/app:1.0' }))
      await skopeoCopy(path, ':y')
    },
    1,
  ],
]

describe('the commands shown for a layout work as they are:', () => {
  it.each(LAYOUTS)(
    '%s',
    async (kind, make, nameable) => {
      const path = join(root, `layout${LAYOUTS.findIndex(([each]) => each === kind)}`)
      if (!kind.startsWith('umoci')) await mkdir(path, { recursive: true })
      await make(path)
      const registry = createLayoutRegistry({ name: basename(path), path })
      let shown = 0
      for (const name of (await collect(registry.repositories())).items) {
        const repository = registry.repository(name)
        for (const each of (await collect(repository.tags())).items) {
          const inside = await repository.nameInFolder(each)
          const { digest } = await repository.resolve(each)
          const from = { layout: path, ...(inside !== undefined && { name: inside }) }
          const commands = pullCommands({ from, repository: name, selector: each, digest, artifact: 'image' })
          if (commands.length > 0) shown++
          for (const { tool, byTag } of commands) if (byTag && (await isInstalled(tool))) await runShown(byTag)
        }
      }
      expect(shown).toBe(nameable)
    },
    60_000,
  )
})

describe('the commands shown for a registry over plain HTTP', () => {
  it('work as they are, by tag and by digest', async () => {
    const server = await startDockerRegistry()
    try {
      const registry = createHttpRegistry({ name: 'server', url: server.url })
      const repository = registry.repository(parseRepositoryName('team/app'))
      const { digest } = await putImage(repository, { tags: ['1.0'], layers: [EMPTY_TAR] })
      const from = { host: registry.publicHost, isPlainHttp: true }
      const ran: string[] = []
      for (const artifact of ['image', 'sbom', 'helm'])
        for (const { tool, byTag, byDigest } of pullCommands({
          from,
          repository: repository.name,
          selector: tag('1.0'),
          digest,
          artifact,
        })) {
          // No Docker daemon; and what helm pulls has to be a chart.
          if (['docker', 'nerdctl', 'helm'].includes(tool) || !(await isInstalled(tool))) continue
          for (const command of [byTag, byDigest]) if (command) await runShown(command)
          ran.push(tool)
        }
      expect(ran).toEqual(expect.arrayContaining(['podman', 'skopeo']))
    } finally {
      await server.stop()
    }
  }, 60_000)
})

describe('untagged manifests of a layout', () => {
  it('are listed, except platforms of an index', async () => {
    const path = join(root, 'untagged')
    await createLayout(path)
    const repository = createLayoutRegistry({ name: 'u', path }).repository(parseRepositoryName('team/app'))
    const [kept, loose] = [await putImage(repository, { tags: ['1'] }), await putImage(repository)]
    expect(await repository.untagged()).toMatchObject([{ digest: loose.digest }])
    await repository.deleteTag(tag('1'), { expect: kept.digest, strategy: 'tag-only' })
    expect((await repository.untagged())?.map(({ digest }) => digest).toSorted()).toEqual(
      [kept.digest, loose.digest].toSorted(),
    )
    const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json' }
    const { mediaType, digest, size } = kept
    const bytes = Buffer.from(JSON.stringify({ ...index, manifests: [{ mediaType, digest, size }] }))
    await repository.putManifest(tag('multi'), { mediaType: index.mediaType, bytes })
    expect(await repository.untagged()).toMatchObject([{ digest: loose.digest }])
  })
})
