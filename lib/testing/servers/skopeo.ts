import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** `skopeo copy --all`: `docker://127.0.0.1:5000/team/app:1`, `oci:/path:tag`, `oci-archive:…`, `docker-archive:…`. */
export async function skopeoCopy(
  source: string,
  destination: string,
  { args = [] }: { args?: readonly string[] } = {},
): Promise<void> {
  const open = ['--insecure-policy', 'copy', '--all', '--quiet', '--src-tls-verify=false', '--dest-tls-verify=false']
  await run('skopeo', [...open, ...args, source, destination])
}

/** `skopeo inspect --raw`: the manifest's bytes. */
export async function skopeoRaw(image: string): Promise<Buffer> {
  const { stdout } = await run('skopeo', ['inspect', '--raw', '--tls-verify=false', image], {
    encoding: 'buffer',
    maxBuffer: 1 << 24,
  })
  return stdout
}

export interface UmociImage {
  /** Name of the image in the layout. */
  readonly tag: string
  /** One layer for each: files by path. */
  readonly layers: readonly Readonly<Record<string, string | Uint8Array>>[]
  readonly labels?: Readonly<Record<string, string>>
  /** More arguments of `umoci config`: `['--config.env', 'A=b']`. */
  readonly config?: readonly string[]
}

/** Makes an OCI layout with `umoci`, as another tool writes it. Returns its folder. */
export async function umociLayout(images: readonly UmociImage[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lading-umoci-'))
  const layout = join(folder, 'layout')
  await run('umoci', ['init', '--layout', layout])
  for (const { tag, layers, labels = {}, config = [] } of images) {
    const image = `${layout}:${tag}`
    await run('umoci', ['new', '--image', image])
    for (const [index, files] of layers.entries()) {
      const root = join(folder, `${tag}-${index}`)
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true })
        await writeFile(join(root, path), content)
      }
      await run('umoci', ['insert', '--rootless', '--image', image, root, '/'])
    }
    const labelArgs = Object.entries(labels).flatMap(([key, value]) => ['--config.label', `${key}=${value}`])
    if (labelArgs.length + config.length > 0) await run('umoci', ['config', '--image', image, ...labelArgs, ...config])
  }
  return layout
}
