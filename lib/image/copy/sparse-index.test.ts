import { expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { parsePlatform } from '../../oci/platform.ts'
import { loadArchive } from '../archive/load-archive.ts'
import { writeOciArchive } from '../archive/write-archive.ts'
import { checkCompleteness } from '../inspect/validate.ts'
import { describeHomes, openLayout, useHome } from '../testing/homes.ts'
import { pointerTo, putImage, putIndex, tag } from '../testing/images.ts'
import { copyImage } from './copy.ts'

const [LINUX, WINDOWS] = [parsePlatform('linux/amd64'), parsePlatform('windows/amd64')]

describeHomes('an index whose attestations are not all there, by platform', (to) => {
  // docker-registry takes no such index.
  const from = useHome(openLayout)

  /** Of the attestations about Linux one is there and one is not. */
  async function putSparse() {
    const repository = from().fresh()
    const linux = await putImage(repository, { platform: LINUX })
    const windows = await putImage(repository, { platform: WINDOWS })
    const statement = await putImage(repository)
    const attestation = {
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': linux.digest,
      },
    }
    const gone = { ...pointerTo(statement, attestation), digest: digestOf('gone') }
    await putIndex(
      repository,
      [
        pointerTo(linux, { platform: LINUX }),
        gone,
        pointerTo(statement, attestation),
        pointerTo(windows, { platform: WINDOWS }),
      ],
      { tags: ['1'] },
    )
    return { repository, gone, kept: [linux.digest, statement.digest], windows }
  }

  it('is copied and archived without the missing ones, and names them', async () => {
    const { repository, gone, kept } = await putSparse()
    const target = { repository: to().fresh(), reference: tag('1') }
    const platforms = [LINUX]
    const report = await copyImage({ repository, reference: tag('1') }, target, { platforms })
    expect(report.leftOut.map(({ digest }) => digest)).toEqual([gone.digest])
    // One platform alone is archived as its own manifest.
    const archive = await writeOciArchive(repository, tag('1'), { platforms: [LINUX, WINDOWS] })
    expect(archive.leftOut.map(({ digest }) => digest)).toEqual([gone.digest])
    const loaded = await loadArchive(to().fresh(), archive.stream)
    expect(loaded.images).toMatchObject([{ digest: archive.digest, missing: [] }])
    const copied = await target.repository.manifest(tag('1'))
    expect(copied.kind === 'index' && copied.manifests.map(({ digest }) => digest)).toEqual(kept)
    expect(await checkCompleteness(target.repository, tag('1'))).toMatchObject({ complete: true })
  })

  it('is copied with every requested platform, and reports nothing about the rest', async () => {
    const { repository, gone, kept, windows } = await putSparse()
    const source = { repository, reference: tag('1') }
    const all = { repository: to().fresh(), reference: tag('1') }
    const report = await copyImage(source, all, { platforms: [LINUX, WINDOWS] })
    expect(report.leftOut.map(({ digest }) => digest)).toEqual([gone.digest])
    const copied = await all.repository.manifest(tag('1'))
    expect(copied.kind === 'index' && copied.manifests.map(({ digest }) => digest)).toEqual([...kept, windows.digest])
    const one = await copyImage(source, { repository: to().fresh() }, { platforms: [WINDOWS] })
    expect(one.leftOut).toEqual([])
  })
})
