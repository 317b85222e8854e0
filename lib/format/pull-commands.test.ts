import { expect, test } from 'vitest'
import { pullCommands } from './pull-commands.ts'

const digest = `sha256:${'ab'.repeat(32)}`
const target = { from: { host: 'hub.example:5000' }, repository: 'team/app', selector: '1.4', digest }

test('an image has a command for each tool, by tag and by digest', () => {
  const commands = pullCommands({ ...target, artifact: 'image' })
  expect(commands.map(({ tool }) => tool)).toEqual(['docker', 'podman', 'nerdctl', 'skopeo', 'crane'])
  expect(commands[0]).toEqual({
    tool: 'docker',
    byTag: 'docker pull hub.example:5000/team/app:1.4',
    byDigest: `docker pull hub.example:5000/team/app@${digest}`,
  })
})

test('by digest there is no tag to pull', () =>
  expect(pullCommands({ ...target, selector: digest, artifact: 'index' })[0]).not.toHaveProperty('byTag'))

test('a chart is pulled by helm, whose versions use a plus where tags can’t', () =>
  expect(pullCommands({ ...target, selector: '1.4.0_build.5', artifact: 'helm' })[0]?.byTag).toBe(
    'helm pull oci://hub.example:5000/team/app --version 1.4.0+build.5',
  ))

test('an artifact with named files is pulled by oras, any other is copied, as pull would fetch nothing', () => {
  const byTag = (rest: object) => pullCommands({ ...target, artifact: 'sbom', ...rest })[0]?.byTag
  expect(byTag({ hasNamedFiles: true })).toBe('oras pull hub.example:5000/team/app:1.4')
  expect(byTag({})).toBe('oras copy hub.example:5000/team/app:1.4 --to-oci-layout artifact:copy')
})

test('plain HTTP adds each tool’s flag, and Docker’s daemon setting unless local', () => {
  const from = { host: 'hub.example:5000', isPlainHttp: true }
  const commands = [
    ...pullCommands({ ...target, from, artifact: 'image' }),
    ...pullCommands({ ...target, from, artifact: 'helm' }),
    ...pullCommands({ ...target, from, artifact: 'sbom', hasNamedFiles: true }),
  ]
  for (const { tool, byTag, byDigest } of commands.filter((each) => each.tool !== 'docker'))
    for (const command of [byTag, byDigest])
      expect(command, tool).toMatch(/ --(?:tls-verify=false|plain-http|from-plain-http|insecure|insecure-registry) /)
  expect(commands.find(({ tool }) => tool === 'docker')?.note).toContain('"insecure-registries": ["hub.example:5000"]')
  const local = { host: '127.0.0.1:5000', isPlainHttp: true }
  expect(pullCommands({ ...target, from: local, artifact: 'image' })[0]).not.toHaveProperty('note')
})

test('an image of a layout on disk is copied by its name there, with an odd folder quoted', () => {
  const from = { layout: "/srv/my images/it's", name: 'team/app:1.4' }
  const layout = { ...target, from, artifact: 'image' }
  expect(pullCommands(layout)[0]?.byTag).toBe(
    `skopeo copy 'oci:/srv/my images/it'\\''s:team/app:1.4' oci-archive:image.tar`,
  )
  expect(pullCommands({ ...layout, from: { layout: '/srv/x', name: '' } })[0]?.byTag).toBe(
    'skopeo copy oci:/srv/x oci-archive:image.tar',
  )
  for (const unnamed of [{ layout: '/srv/x' }, { layout: '/srv/a:b', name: 'x' }])
    expect(pullCommands({ ...layout, from: unnamed })).toEqual([])
})
