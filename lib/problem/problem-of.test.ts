import { describe, expect, test, vi } from 'vitest'
import { AccessError } from '../access/access-error.ts'
import { AuditError } from '../audit/audit-error.ts'
import { compileFilter } from '../filter/compile-filter.ts'
import { FormatError } from '../oci/format-error.ts'
import { RegistryError } from '../registry/errors.ts'
import { RecordError } from '../store/record-error.ts'
import { StoreError } from '../store/store-error.ts'
import { isAbsence } from './access-problem.ts'
import { inputProblem, problemOf } from './problem-of.ts'

test('a registry failure says what happened, why and what to do', () => {
  const error = new RegistryError('denied', 'hub.example refuses', {
    status: 403,
    codes: ['DENIED'],
    detail: 'no pull',
  })
  expect(problemOf(error, 'server-log')).toEqual({
    code: 'registry.denied',
    title: 'The registry refused access',
    detail: 'Hub.example refuses: no pull (status 403, DENIED).',
    advice: expect.stringContaining('account'),
  })
})

test('what it says about the registry can be read without its title', () => {
  const kinds = ['unreachable', 'timeout', 'tls', 'unauthorized', 'unavailable', 'unsafe-redirect'] as const
  const reasons = ['untrusted-certificate', 'certificate-dates', 'certificate-name', 'no-tls', 'needs-tls'] as const
  const errors = [
    ...kinds.map((kind) => new RegistryError(kind, 'status 502')),
    ...reasons.map((reason) => new RegistryError('tls', 'status 502', { reason })),
    new RegistryError('unreachable', 'status 502', { reason: 'no-layout' }),
    new RegistryError('denied', 'status 502', { reason: 'layout-file' }),
    new RegistryError('denied', 'status 502', { reason: 'storage-refused' }),
  ]
  for (const error of errors) expect(problemOf(error).detail).toMatch(/^(?!It).*registry/i)
})

test('a taken name of a rule or policy isn’t called a tag', () => {
  expect(problemOf(new RecordError('name-taken', 'there’s already a policy named nightly'))).toEqual({
    code: 'record.name-taken',
    title: 'This name is taken',
    detail: 'There’s already a policy named nightly.',
    advice: 'Choose another name.',
  })
})

test('people who don’t see addresses read the status, which an administrator can look for', () => {
  const error = new RegistryError('unavailable', '10.0.0.7:5000 has a server error (502)', { status: 502 })
  expect(problemOf(error).detail).toBe('The registry answered with an error (status 502).')
})

test('a name at the beginning keeps its spelling', () => {
  const error = new RegistryError('not-found', 'team/app has no 1.4', { repository: 'team/app' })
  expect(problemOf(error).detail).toBe('team/app has no 1.4.')
})

test('a conflict carries both digests', () => {
  const problem = problemOf(new RegistryError('conflict', 'moved', { expected: 'sha256:a', found: 'sha256:b' }))
  expect(problem).toMatchObject({ expected: 'sha256:a', found: 'sha256:b' })
})

test('a malformed name says what form is expected', () => {
  expect(problemOf(new FormatError('tag', '..', 'letters')).advice).toBe('Expected letters.')
})

test('an invalid filter shows the mistake and a valid example', () => {
  expect(attemptFilter('(a')).toMatchObject({
    code: 'format.pattern',
    title: 'This filter isn’t valid',
    detail: 'Missing closing ).',
    advice: expect.stringContaining('for example ^team-(a|b)'),
  })
  expect(attemptFilter('(a)\\1')).toMatchObject({ detail: 'Invalid escape sequence: \\1.' })
  expect(attemptFilter('a'.repeat(101))).toMatchObject({ advice: 'Expected at most 100 characters.' })
})

function attemptFilter(pattern: string) {
  try {
    compileFilter({ pattern })
  } catch (error) {
    return problemOf(error)
  }
}

describe('facts for admins only', () => {
  const rights = { groups: [], grants: [], readOnly: false }
  const admin = { kind: 'user', username: 'ada', role: 'admin', ...rights } as const

  test('a log that can’t be written tells an admin what to do, and others to ask one', () => {
    const full = new AuditError(new StoreError('full', 'ENOSPC'))
    expect(problemOf(full, admin).advice).toBe(
      'Free space on the disk that holds DATA_DIR, or on the PostgreSQL server. Then try again.',
    )
    expect(problemOf(full).advice).toBe('Ask your administrator. Then try again.')
  })
  const viewer = { kind: 'user', username: 'vera', role: 'viewer', ...rights } as const
  const host = 'hub.internal:5000'
  const digest = `sha256:${'a'.repeat(64)}`
  const errors = [
    new RegistryError('unreachable', `can’t reach ${host}: connection refused`, { host }),
    new RegistryError('unreachable', `can’t reach ${host} through the proxy 10.0.0.7:3128: refused`, { host }),
    new RegistryError('tls', `no secure connection to ${host}: expired`, { host, reason: 'certificate-dates' }),
    new RegistryError('unauthorized', `the Docker configuration /etc/lading/config.json can’t be read: EACCES`),
    new RegistryError('unsafe-redirect', `${host} redirected to http://10.0.0.8/x, which is refused`, { host }),
    new RegistryError('malformed', `${host} answers with a web page: it may not be a registry`, { host }),
    new RegistryError('unavailable', 'another process has been writing; remove /srv/hub.internal/lock', {}),
    new RegistryError('not-found', `the layout /srv/hub.internal has no blob ${digest}`, { host: '/srv/hub.internal' }),
    new RegistryError('digest-mismatch', `${host} sent content that isn’t ${digest}`, {
      host,
      detail: 'at 10.0.0.9:80',
    }),
    new StoreError('unreachable', 'no'),
    new AccessError('read-only'),
  ]
  const INSIDE = /hub\.internal|10\.0\.0|\/etc|\/srv|[A-Z]+_[A-Z]+|caFile|tokenHosts/

  test.each(errors)('$message', (error) => {
    expect(JSON.stringify(problemOf(error, admin))).toMatch(INSIDE)
    for (const reader of [viewer, undefined]) {
      const { title, detail, advice } = problemOf(error, reader)
      expect(`${title} ${detail} ${advice}`).not.toMatch(INSIDE)
      expect(detail).toMatch(/^\S.*\.$/)
    }
  })

  test('text that isn’t about the server is kept, with names, tags and versions', () => {
    const message = `${host} has no team-a/app/web:1.2.3.4 (sha256:${'b'.repeat(64)})`
    const { detail } = problemOf(new RegistryError('not-found', message, { host }), viewer)
    expect(detail).toBe(`The registry has no team-a/app/web:1.2.3.4 (sha256:${'b'.repeat(64)}).`)
  })
})

describe('refusals', () => {
  test.each(['denied', 'sign-in', 'read-only', 'foreign-origin'] as const)('%s has its own text', (code) => {
    const problem = problemOf(new AccessError(code))
    expect(problem.code).toBe(`access.${code}`)
    expect(problem.advice).toBeTruthy()
  })
})

test('a bug reveals nothing internal, and is logged', () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const problem = problemOf(new Error('password=hunter2'))
  expect(JSON.stringify(problem)).not.toContain('hunter2')
  expect(log).toHaveBeenCalledOnce()
  log.mockRestore()
})

test('an invalid input says why', () => {
  expect(inputProblem(['That is not a tag.']).detail).toBe('That is not a tag.')
})

test('a full disk is reported as such, even deep in the chain of causes', () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' })
  expect(problemOf(new Error('the journal', { cause: full })).code).toBe('storage.full')
  log.mockRestore()
})

test('denied looks exactly like absent, while the registry’s own refusal doesn’t', () => {
  expect(isAbsence(problemOf(new AccessError('denied')))).toBe(true)
  expect(isAbsence(problemOf(new AccessError('sign-in')))).toBe(true)
  expect(isAbsence(problemOf(new RegistryError('not-found', 'gone')))).toBe(true)
  expect(isAbsence(problemOf(new RegistryError('denied', 'no')))).toBe(false)
})
