import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadConfig } from './config.ts'
import { ConfigError } from './config-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'lading-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const HASH = `$2y$10$${'a'.repeat(53)}`
const SECRET = 'canary-secret-3f9a'
const load = (env: Record<string, string>) => loadConfig({ DATA_DIR: join(folder, 'data'), ...env })

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function problem(env: Record<string, string>): string {
  try {
    load(env)
    return 'no problem'
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}
const yaml = (content: string, env: Record<string, string> = {}) => ({
  LADING_CONFIG: file('lading.yaml', content),
  ...env,
})

describe('loadConfig from the environment', () => {
  it('opens sample images in the data directory when nothing is configured', () => {
    expect(load({})).toEqual({
      dataDir: join(folder, 'data'),
      trashDays: 90,
      host: '127.0.0.1',
      port: 3000,
      basePath: '',
      readOnly: false,
      anonymousRole: 'viewer',
      anonymousOnLoopbackOnly: true,
      session: { lifetime: 43_200_000, idle: 3_600_000 },
      trustedProxies: 0,
      drain: 5_000,
      authSecretFile: join(folder, 'data', 'auth-secret'),
      registries: [{ name: 'local', kind: 'layout', path: join(folder, 'data', 'layout'), samples: true }],
      usersFrom: 'data-directory',
      syncEvery: 15 * 60_000,
      users: [],
      grants: [],
    })
  })

  it('keeps history for the configured number of days, otherwise for ever', () => {
    expect(load({ HISTORY_DAYS: '365' }).historyDays).toBe(365)
    expect(problem({ HISTORY_DAYS: '0' })).toContain('HISTORY_DAYS')
  })

  it('describes one registry', () => {
    const config = load({
      REGISTRY_URL: 'http://localhost:5000/',
      REGISTRY_NAME: 'hub',
      REGISTRY_USERNAME: 'robot',
      REGISTRY_PASSWORD_FILE: file('password', `${SECRET}\n`),
      REGISTRY_PUBLIC_HOST: 'registry.example.com:5000',
      REGISTRY_REPOSITORIES: 'team/app, team/web\nbase',
    })
    expect(config.registries).toEqual([
      {
        name: 'hub',
        kind: 'http',
        url: 'http://localhost:5000',
        publicHost: 'registry.example.com:5000',
        credentials: { username: 'robot', password: SECRET },
        repositories: ['team/app', 'team/web', 'base'],
      },
    ])
  })

  it('names a registry after its host and takes credentials from a given Docker configuration', () => {
    expect(load({ REGISTRY_URL: 'https://registry.example.com', DOCKER_CONFIG: '/root/.docker' }).registries).toEqual([
      {
        name: 'registry.example.com',
        kind: 'http',
        url: 'https://registry.example.com',
        credentials: { dockerConfig: '/root/.docker/config.json' },
      },
    ])
  })

  it('admits visitors from other machines only when configured', () => {
    expect(load({ HOST: '0.0.0.0' }).anonymousRole).toBe('none')
    expect(load({ HOST: '0.0.0.0', ANONYMOUS_ROLE: 'viewer' })).toMatchObject({
      anonymousRole: 'viewer',
      anonymousOnLoopbackOnly: false,
    })
    expect(load({ HOST: '::1' }).anonymousRole).toBe('viewer')
    expect(load({ ANONYMOUS_ROLE: 'none' }).anonymousRole).toBe('none')
  })

  it.each([
    ['https://lading.example.com', '', 'https://lading.example.com'],
    ['https://lading.example.com/', '/base/', 'https://lading.example.com/base'],
    ['https://lading.example.com/base', '/base', 'https://lading.example.com/base'],
    ['https://lading.example.com/base/api/auth', '/base', 'https://lading.example.com/base'],
  ])('takes %s under %j as the address', (NEXTAUTH_URL, BASE_PATH, expected) =>
    expect(load({ NEXTAUTH_URL, BASE_PATH }).baseUrl).toBe(expected),
  )

  it.each([
    [{ REGISTRY_URL: 'localhost:5000' }, 'REGISTRY_URL: expected http:// or https://'],
    [{ REGISTRY_URL: 'http://host/v2/' }, 'host and port only'],
    [{ REGISTRY_URL: 'http://host', REGISTRY_NAME: 'My Hub' }, 'REGISTRY_NAME: expected up to 64 lower-case letters'],
    [{ REGISTRY_NAME: 'hub' }, 'REGISTRY_NAME: needs REGISTRY_URL too'],
    [{ REGISTRY_URL: 'http://host', REGISTRY_USERNAME: 'a' }, 'REGISTRY_PASSWORD: required'],
    [{ REGISTRY_URL: 'http://host', REGISTRY_PASSWORD: 'a' }, 'REGISTRY_USERNAME: required'],
    [
      { REGISTRY_URL: 'http://host', REGISTRY_REPOSITORIES: 'Team/App' },
      'REGISTRY_REPOSITORIES: expected repository names',
    ],
    [
      { REGISTRY_URL: 'http://host', REGISTRY_CA_FILE: '/nowhere.pem' },
      'REGISTRY_CA_FILE: cannot read /nowhere.pem: the file doesn’t exist',
    ],
    [{ PORT: '80a' }, 'PORT: expected a port'],
    [{ PORT: '70000' }, 'PORT: expected a port'],
    [{ HOST: '[::1]' }, 'HOST: expected an address'],
    [{ HOST: '127.0.0.1:3000' }, 'HOST: expected an address'],
    [{ BASE_PATH: 'lading' }, 'BASE_PATH: expected a path that starts with a slash'],
    [{ READ_ONLY: 'maybe' }, 'READ_ONLY: expected 1 or 0'],
    [{ ANONYMOUS_ROLE: 'root' }, 'ANONYMOUS_ROLE: expected one of none, viewer'],
    [{ TRUSTED_PROXIES: '-1' }, 'TRUSTED_PROXIES: expected the number'],
    [{ AUTH_SECRET: 'short' }, 'AUTH_SECRET: expected at least 32 characters, found 5 characters'],
    [{ AUTH_SECRET: 'ab'.repeat(20) }, 'AUTH_SECRET: a few repeated characters'],
    [{ NEXTAUTH_URL: 'lading.example.com' }, 'NEXTAUTH_URL: expected the http or https address'],
    [{ NEXTAUTH_URL: 'https://lading.example.com/base' }, 'BASE_PATH is not set'],
    [{ LADING_CONFIG: '/nowhere.yaml' }, 'LADING_CONFIG: cannot read /nowhere.yaml'],
  ])('refuses %j with an explanation', (env, message) =>
    expect(problem(env as Record<string, string>)).toContain(message),
  )

  it('refuses a secret that is set twice', () => {
    const path = file('twice', SECRET)
    const twice = problem({
      REGISTRY_URL: 'http://h',
      REGISTRY_USERNAME: 'a',
      REGISTRY_PASSWORD: SECRET,
      REGISTRY_PASSWORD_FILE: path,
    })
    expect(twice).toMatch(/^REGISTRY_PASSWORD: set twice/)
    expect(twice).not.toContain(SECRET)
    expect(problem({ AUTH_SECRET: SECRET.repeat(2), AUTH_SECRET_FILE: path })).toMatch(/^AUTH_SECRET: set twice/)
  })

  it('explains how to convert a certificate that it can’t read', () => {
    const path = file('ca.der', 'not PEM')
    expect(problem({ REGISTRY_URL: 'https://h', REGISTRY_CA_FILE: path })).toContain('has no PEM certificate')
  })

  it('never repeats a password from a URL', () => {
    for (const url of [`http://a:${SECRET}@host`, `a:${SECRET}@host`, `http://a:${SECRET}@host:99999`]) {
      expect(problem({ REGISTRY_URL: url })).toContain('REGISTRY_URL: ')
      expect(problem({ REGISTRY_URL: url })).not.toContain(SECRET)
    }
    expect(problem({ NEXTAUTH_URL: `https://a:${SECRET}@h` })).not.toContain(SECRET)
  })
})

describe('npm start', () => {
  it('ends with the reason in one line and no stack when a setting is wrong', () => {
    const script = join(import.meta.dirname, '..', 'start', 'prepare.ts')
    const run = spawnSync(process.execPath, [script], {
      env: { ...process.env, DATA_DIR: join(folder, 'none'), PORT: 'x' },
      encoding: 'utf8',
    })
    expect(run.status).toBe(1)
    expect(run.stderr).toBe(
      'Lading cannot start. PORT: expected a port from 0 to 65535, for example PORT=3000; found "x"\n',
    )
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })
})

describe('loadConfig from a file', () => {
  it('reads registries, layouts, users, groups and grants', () => {
    mkdirSync(join(folder, 'images'), { recursive: true })
    file('hub-token', SECRET)
    const config = load(
      yaml(
        `
registries:
  - { name: hub, url: 'https://registry.example.com', username: robot, password: '\${HUB_PASSWORD}', tokenHosts: [auth.example.com], storageHosts: [minio.example.com] }
  - { name: other, url: 'http://localhost:5001', identityTokenFile: hub-token, repositories: [team/app] }
  - { name: disk, layout: images, publicHost: images.example.com }
users:
  - { username: anna, passwordHash: '${HASH}', role: admin }
  - { username: bo, passwordHash: '${HASH}', groups: [platform] }
grants:
  - { group: platform, role: operator, registry: hub, repository: 'team-a/**', allow: [delete] }
  - { user: bo, role: viewer }
`,
        { HUB_PASSWORD: SECRET },
      ),
    )
    expect(config.registries).toEqual([
      {
        name: 'hub',
        kind: 'http',
        url: 'https://registry.example.com',
        credentials: { username: 'robot', password: SECRET },
        tokenHosts: ['auth.example.com'],
        storageHosts: ['minio.example.com'],
      },
      {
        name: 'other',
        kind: 'http',
        url: 'http://localhost:5001',
        credentials: { identityToken: SECRET },
        repositories: ['team/app'],
      },
      { name: 'disk', kind: 'layout', path: join(folder, 'images'), publicHost: 'images.example.com' },
    ])
    expect(config.users).toEqual([
      { username: 'anna', passwordHash: HASH, groups: [], role: 'admin' },
      { username: 'bo', passwordHash: HASH, groups: ['platform'] },
    ])
    expect(config.grants).toEqual([
      { subject: { group: 'platform' }, role: 'operator', registry: 'hub', repository: 'team-a/**', allow: ['delete'] },
      { subject: { user: 'bo' }, role: 'viewer', registry: '*', repository: '**', allow: [] },
    ])
    expect(config.usersFrom).toBe('config-file')
  })

  const hub = (rest: string) => `registries: [{ name: hub, url: 'http://h', ${rest} }]`
  it.each([
    ['registries: [{ name: hub }]', 'registries[0]: expected either url'],
    ['registries: [{ name: hub, url: 5 }]', 'registries[0].url: expected http:// or https://'],
    ['registries: [{ name: hub, url: ftp://h }]', 'registries[0].url: expected http:// or https://'],
    ['registries: []', 'registries: expected at least one'],
    ['registries: [{ name: d, layout: x, caFile: y }]', 'registries[0].caFile: only for registries with a url'],
    ["registries: [{ name: a, url: 'http://a' }, { name: a, url: 'http://b' }]", 'the name a is used twice'],
    [hub('colour: red'), 'registries[0]: unknown setting "colour"; known are name, url'],
    [hub(`username: a, password: ${SECRET}`), 'registries[0].password: expected the name of an environment variable'],
    [hub(`username: a, password: '\${NOT_SET}'`), 'the environment variable NOT_SET is not set'],
    [hub(`username: a, password: '\${X}', passwordFile: y`), 'registries[0].password: set twice'],
    [hub('username: a'), 'registries[0].passwordFile: a user name and a password are needed together'],
    [hub('username: a, dockerConfig: b'), 'registries[0]: credentials are set twice'],
    [hub('passwordFile: /nowhere'), 'registries[0].passwordFile: cannot read /nowhere'],
    [`users: [{ username: anna, passwordHash: ${SECRET} }]`, 'users[0].passwordHash: expected a bcrypt hash'],
    [`users: [{ username: anna, passwordHash: '${HASH}', role: root }]`, 'users[0].role: expected one of viewer'],
    ['users: []', 'users: expected at least one user'],
    ['grants: [{ role: viewer }]', 'grants[0]: expected either user or group'],
    ['grants: [{ user: a, role: viewer, allow: [everything] }]', 'grants[0].allow[0]: expected one of overwrite'],
    ['password: [', 'not valid YAML at line'],
    [`: : ${SECRET} : [`, 'not valid YAML'],
    ['just text', 'expected settings as "name: value"'],
  ])('refuses %s with an explanation', (content, message) => {
    const found = problem(yaml(content))
    expect(found).toContain('lading.yaml')
    expect(found).toContain(message)
    expect(found).not.toContain(SECRET)
  })

  it('refuses registries that are set twice', () => {
    expect(problem(yaml(hub('repositories: [a]'), { REGISTRY_URL: 'http://other' }))).toContain('set twice')
  })

  it('combines users from the file with a registry from the environment', () => {
    const config = load(yaml(`users: [{ username: anna, passwordHash: '${HASH}' }]`, { REGISTRY_URL: 'http://other' }))
    expect(config.registries).toMatchObject([{ name: 'other' }])
    expect(config.users).toHaveLength(1)
  })
})

describe('sign-in with accounts of a registry', () => {
  const entry = (rest: string) => yaml(`registries:\n  - { name: hub, ${rest} }\n`)

  it('is on where the entry, or the environment, says so, and off otherwise', () => {
    const url = "url: 'https://registry.example.com'"
    expect(load(entry(`${url}, signIn: true`)).registries).toMatchObject([{ signIn: true }])
    for (const rest of [url, `${url}, signIn: false`])
      expect(load(entry(rest)).registries[0]).not.toHaveProperty('signIn')
    const env = { REGISTRY_URL: 'https://registry.example.com' }
    expect(load({ ...env, REGISTRY_SIGN_IN: '1' }).registries).toMatchObject([{ signIn: true }])
    expect(load(env).registries[0]).not.toHaveProperty('signIn')
  })

  it('is refused with its name for a layout, for another value, and without a registry', () => {
    expect(problem(entry('layout: /srv/images, signIn: true'))).toMatch(/registries\[0\]\.signIn: only for registries/)
    expect(problem(entry("url: 'https://registry.example.com', signIn: registry"))).toMatch(
      /signIn.*expected true or false/,
    )
    expect(problem({ REGISTRY_SIGN_IN: '1' })).toMatch(/REGISTRY_SIGN_IN.*needs REGISTRY_URL/)
  })
})
