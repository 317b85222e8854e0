import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const HASH = `$2y$10$${'a'.repeat(53)}`
const ANNA = `  - { username: anna, passwordHash: '${HASH}', role: admin }`
const BO = `  - { username: bo, passwordHash: '${HASH}', role: operator }`

describe('config', () => {
  let folder = ''
  let clock = 0
  const file = () => join(folder, 'lading.yaml')
  const write = (...lines: string[]) => {
    writeFileSync(`${file()}.new`, `${lines.join('\n')}\n`)
    renameSync(`${file()}.new`, file())
  }
  const read = async () => {
    const { config, configProblem } = await import('./config.ts')
    return { names: config().users.map(({ username }) => username), grants: config().grants, problem: configProblem() }
  }
  const later = async () => {
    clock += 2500
    return read()
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lading-follow-'))
    vi.stubEnv('LADING_CONFIG', file())
    vi.stubEnv('DATA_DIR', folder)
    vi.spyOn(performance, 'now').mockImplementation(() => clock)
    vi.spyOn(console, 'error').mockImplementation(() => {})
    delete (globalThis as { ladingConfig?: unknown }).ladingConfig
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  it('revokes a right although the clock was set back', async () => {
    write('users:', ANNA, BO)
    expect((await read()).names).toEqual(['anna', 'bo'])
    vi.spyOn(Date, 'now').mockReturnValue(0)
    write('users:', ANNA)
    expect((await later()).names).toEqual(['anna'])
  })

  it.each([
    ['a registry', "registries: [{ name: HUB, url: 'http://h', colour: red }]"],
    ['another grant', 'grants: [{ user: anna, role: root }]'],
    ['a setting that does not exist', 'colour: red'],
  ])('revokes a right although %s in the file has an error, and reports the error', async (_, mistake) => {
    write('users:', ANNA, BO)
    await read()
    write(mistake, 'users:', ANNA)
    const { names, problem } = await later()
    expect(names).toEqual(['anna'])
    expect(problem).toContain('lading.yaml')
    write('users:', ANNA)
    expect((await later()).problem).toBeUndefined()
  })

  it('grants nothing from an entry with an error, and keeps the others', async () => {
    write('users:', ANNA, BO, 'grants:', '  - { user: bo, role: operator }', '  - { user: bo, role: viewer }')
    expect((await read()).grants).toHaveLength(2)
    write('users:', ANNA, BO, 'grants:', '  - { user: bo, role: operater }', '  - { user: bo, role: viewer }')
    const { grants, problem } = await later()
    expect(grants).toMatchObject([{ role: 'viewer' }])
    expect(problem).toContain('grants[0].role')
  })

  it('keeps users and grants while the file can’t be read at all, and says so', async () => {
    write('users:', ANNA, BO)
    await read()
    write('users: [')
    const { names, problem } = await later()
    expect(names).toEqual(['anna', 'bo'])
    expect(problem).toContain('not valid YAML')
  })

  it('admits neither of two users with the same name', async () => {
    write('users:', ANNA, BO)
    await read()
    write('users:', ANNA, BO, BO)
    expect(await later()).toMatchObject({ names: ['anna'], problem: expect.stringContaining('bo is used twice') })
  })
})
