import { expect, it } from 'vitest'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { loadArchive } from '../archive/load-archive.ts'
import { writeDockerArchive, writeOciArchive } from '../archive/write-archive.ts'
import { flatten } from '../flatten/flatten.ts'
import { readTar } from '../tar/read-tar.ts'
import { describeHomes } from '../testing/homes.ts'
import { putBlob, putImage, tag } from '../testing/images.ts'

describeHomes('an image with an encrypted layer', (home) => {
  it('has no docker archive or file system, and its OCI archive names no image for docker load', async () => {
    const repository = home().fresh()
    const layer = await putBlob(repository, Buffer.from('secret'), `${MEDIA_TYPE.ociLayerGzip}+encrypted`)
    const { digest } = await putImage(repository, { tags: ['1'], fields: { layers: [layer] } })
    const refused = { kind: 'unsupported', message: expect.stringContaining(`the layer ${layer.digest} is encrypted`) }
    await expect(writeDockerArchive(repository, tag('1'))).rejects.toMatchObject(refused)
    await expect(flatten(repository, tag('1'))).rejects.toMatchObject(refused)
    const names: string[] = []
    for await (const { entry } of readTar((await writeOciArchive(repository, tag('1'))).stream)) names.push(entry.path)
    expect(names).not.toContain('manifest.json')
    const { images } = await loadArchive(home().fresh(), (await writeOciArchive(repository, tag('1'))).stream)
    expect(images).toMatchObject([{ digest, missing: [] }])
  })
})
