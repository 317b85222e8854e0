import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'

const PREPARE = join(import.meta.dirname, '..', 'lib', 'start', 'prepare.ts')

/** The start up to where the server would begin to listen. */
async function prepare(env: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'lading-start-'))
  try {
    const { FILE, ...variables } = env
    if (FILE) await writeFile(join(folder, 'lading.yaml'), FILE)
    const child = spawn(join(import.meta.dirname, '..', 'node_modules', '.bin', 'node'), [PREPARE], {
      env: {
        NODE_ENV: 'production',
        PATH: process.env.PATH,
        DATA_DIR: join(folder, 'data'),
        ...(FILE && { LADING_CONFIG: join(folder, 'lading.yaml') }),
        ...variables,
      },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        output += data
      })
    const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { exitCode, output, written: (await readdir(folder)).filter((name) => name !== 'lading.yaml') }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

for (const [env, named, example] of [
  [{ PORT: 'many' }, 'PORT', 'PORT=3000'],
  [{ READ_ONLY: 'perhaps' }, 'READ_ONLY', 'READ_ONLY=1'],
  [{ REGISTRY_URL: 'registry.example.com' }, 'REGISTRY_URL', 'https://'],
  [{ REGISTRY_URL: 'ftp://registry.example.com' }, 'REGISTRY_URL', 'https://'],
  [{ ANONYMOUS_ROLE: 'root' }, 'ANONYMOUS_ROLE', 'viewer'],
  [{ REGISTRY_URL: 'https://x.example', REGISTRY_CA_FILE: '/no/such/ca.pem' }, 'REGISTRY_CA_FILE', '/no/such/ca.pem'],
  [{ REGISTRY_URL: 'https://x.example', REGISTRY_REPOSITORIES: 'Team/App' }, 'REGISTRY_REPOSITORIES', 'team/'],
  [{ LADING_CONFIG: '/no/such/file.yaml' }, 'LADING_CONFIG', '/no/such/file.yaml'],
  [{ FILE: 'registries:\n  - name: hub\n    ulr: https://x.example\n' }, 'registries[0]', 'known are name, url'],
  [{ FILE: 'registries: [\n' }, 'lading.yaml', 'line'],
  [{ FILE: 'users:\n  - username: anna\n    passwordHash: secret\n' }, 'users[0].passwordHash', 'htpasswd -nBC'],
] as const)
  test(`a wrong ${named} (${JSON.stringify(env).slice(0, 50)}) stops the start and explains what is expected`, async () => {
    const { exitCode, output, written } = await prepare(env)
    expect(exitCode).toBe(1)
    expect(written).toEqual([])
    expect(output).toContain(named)
    expect(output).toContain(example)
    expect(output).not.toMatch(/\n\s+at /)
  })

test('a secret in the wrong place of the configuration isn’t printed', async () => {
  const { exitCode, output } = await prepare({
    FILE: 'registries:\n  - name: hub\n    url: https://x.example\n    username: robot\n    password: canary-in-the-file\n',
  })
  expect(exitCode).toBe(1)
  expect(output).toContain('password')
  expect(output).not.toContain('canary-in-the-file')
})
