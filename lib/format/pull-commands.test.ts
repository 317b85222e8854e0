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

test('a chart is pulled by helm, whose versions hold a plus where tags cannot', () =>
  expect(pullCommands({ ...target, selector: '1.4.0_build.5', artifact: 'helm' })[0]?.byTag).toBe(
    'helm pull oci://hub.example:5000/team/app --version 1.4.0+build.5',
  ))

test('any other artifact is pulled by oras', () =>
  expect(pullCommands({ ...target, artifact: 'sbom' })[0]?.byTag).toBe('oras pull hub.example:5000/team/app:1.4'))

test('from a layout on disk an image is copied by its name, with an odd folder quoted', () => {
  const layout = { ...target, from: { layout: "/srv/my images/it's" }, artifact: 'image' }
  expect(pullCommands(layout)[0]?.byTag).toBe(
    `skopeo copy 'oci:/srv/my images/it'\\''s:team/app:1.4' oci-archive:image.tar`,
  )
  expect(pullCommands({ ...layout, selector: digest })).toEqual([])
})
