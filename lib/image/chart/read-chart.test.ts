import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { encodeTarHeader, tarPadding } from '../../oci/encode-tar-header.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import type { Repository } from '../../registry/registry.ts'
import { describeHomes } from '../testing/homes.ts'
import { putArtifact, putBlob } from '../testing/images.ts'
import { isChart, readChart } from './read-chart.ts'

const CONTENT = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'

async function putChart(repository: Repository, chart: object, files: Record<string, string | Uint8Array>) {
  const config = await putBlob(repository, Buffer.from(JSON.stringify(chart)), MEDIA_TYPE.helmConfig)
  const archive = gzipSync(
    Buffer.concat([
      ...Object.entries(files).flatMap(([path, content]) => {
        const body = Buffer.from(content)
        const head = encodeTarHeader({ path, type: 'file', size: body.length })
        return [head, body, Buffer.alloc(tarPadding(body.length))]
      }),
      Buffer.alloc(1024),
    ]),
  )
  const layer = { ...(await putBlob(repository, archive, CONTENT)) }
  const manifest = await putArtifact(repository, [], { fields: { config, layers: [layer] } })
  if (!isChart(manifest)) throw new Error(manifest.kind)
  return manifest
}

describeHomes('a Helm chart', (home) => {
  it('has its metadata, its dependencies and its files without the enclosing folder', async () => {
    const repository = home().fresh()
    const dependency = {
      name: 'postgresql',
      version: '15.x',
      repository: 'oci://charts.example.com',
      condition: 'db.on',
    }
    const manifest = await putChart(
      repository,
      {
        name: 'web',
        version: '1.2.3',
        appVersion: '4',
        dependencies: [dependency, 'odd'],
        maintainers: [{ email: 'a@b' }],
      },
      {
        'web/values.yaml': 'replicas: 2\n',
        'web/templates/a.yaml': '{{ .Values.replicas }}',
        'web/logo.png': '\u0000',
      },
    )
    expect(await readChart(repository, manifest)).toMatchObject({
      metadata: {
        name: 'web',
        version: '1.2.3',
        dependencies: [dependency],
        maintainers: [{ name: '', email: 'a@b' }],
      },
      files: [
        { path: 'values.yaml', text: 'replicas: 2\n' },
        { path: 'templates/a.yaml', text: '{{ .Values.replicas }}' },
        { path: 'logo.png', size: 1 },
      ],
      isCut: false,
      isSigned: false,
    })
  })

  it('names large and binary files without their text, and at most 2,000 of them', async () => {
    const repository = home().fresh()
    const many = Object.fromEntries(Array.from({ length: 2001 }, (_, n) => [`web/templates/${n}.yaml`, 'a: 1']))
    const manifest = await putChart(repository, { name: 'web' }, { 'web/big.txt': 'x'.repeat(256 * 1024 + 1), ...many })
    const chart = await readChart(repository, manifest)
    expect(chart.files[0]).toEqual({ path: 'big.txt', size: 256 * 1024 + 1 })
    expect(chart.files).toHaveLength(2000)
    expect(chart.isCut).toBe(true)
  })

  it('reports an invalid archive, and one that unpacks to far more than its size', async () => {
    const repository = home().fresh()
    const config = await putBlob(repository, Buffer.from('{"name":"web"}'), MEDIA_TYPE.helmConfig)
    const chartOf = async (bytes: Uint8Array) => {
      const layers = [await putBlob(repository, bytes, CONTENT)]
      const manifest = await putArtifact(repository, [], { fields: { config, layers } })
      return isChart(manifest) ? readChart(repository, manifest) : undefined
    }
    await expect(chartOf(gzipSync(Buffer.from('not a tar')))).rejects.toMatchObject({ code: 'tar' })
    const head = encodeTarHeader({ path: 'web/zeros', type: 'file', size: 130 * 2 ** 20 })
    const bomb = gzipSync(Buffer.concat([head, Buffer.alloc(130 * 2 ** 20)]))
    await expect(chartOf(bomb)).rejects.toMatchObject({ kind: 'too-large' })
  })
})
