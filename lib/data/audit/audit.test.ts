import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import type { AuditAction, AuditOutcome } from '../../audit/audit-entry.ts'
import { recordIntent, recordOutcome, recordRefusal } from '../../audit/record.ts'
import { exportAudit } from './export-audit.ts'
import { readAudit } from './read-audit.ts'
import { verifyAudit } from './verify-audit.ts'

const base = { groups: [], grants: [], readOnly: false } as const
const user = (username: string, rights: Partial<Actor>): Actor =>
  ({ kind: 'user', username, role: 'none', ...base, ...rights }) as Actor
const operatorOfA = {
  subject: { user: 'otto' },
  role: 'operator',
  registry: '*',
  repository: 'team-a/**',
  allow: [],
} as const
const ada = user('ada', { role: 'admin' })
const audrey = user('audrey', { role: 'auditor' })
const otto = user('otto', { grants: [operatorOfA] })
const greta = user('greta', {
  grants: [{ subject: { group: 'audit' }, role: 'auditor', registry: '*', repository: '**', allow: [] }],
})
const vera = user('vera', { role: 'viewer' })
const stranger: Actor = { kind: 'anonymous', role: 'viewer', grants: [], readOnly: false }

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-audit-'))
  process.env.DATA_DIR = folder
  await change('otto', 'move-tag', 'team-a/app', 'latest', 'done')
  await change('ada', 'delete-tag', 'team-b/app', '1.0', 'failed')
  await change('ada', 'delete-tag', 'team-a/web', '=cmd', 'done')
  await recordRefusal(
    { actor: 'vera' },
    { action: 'move-tag', registry: 'hub', repository: 'team-b/app', tag: 'latest' },
  )
  await recordIntent({ actor: 'ada' }, { action: 'edit-protection' })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function change(actor: string, action: AuditAction, repository: string, tag: string, outcome: AuditOutcome) {
  const intent = await recordIntent({ actor }, { action, registry: 'hub', repository, tag })
  await recordOutcome(intent, outcome, { after: `sha256:${'ab'.repeat(32)}` })
}

const found = async (actor: Actor, q = '') => (await readAudit(actor, { q })).rows.map(({ seq }) => seq)

describe('the audit log', () => {
  it('shows everything to admins and auditors, newest first, each change once with its outcome', async () => {
    expect(await found(ada)).toEqual([8, 7, 5, 3, 1])
    expect(await found(greta)).toEqual([8, 7, 5, 3, 1])
    const { rows } = await readAudit(audrey, { q: '' })
    expect(rows.map(({ outcome }) => outcome)).toEqual(['running', 'refused', 'done', 'failed', 'done'])
  })

  it('shows operators what happened in their repositories, and users what they did', async () => {
    expect(await found(otto)).toEqual([5, 1])
    expect(await found(vera)).toEqual([7])
    await expect(found(stranger)).rejects.toMatchObject({ name: 'AccessError' })
    for (const owner of [ada, otto, vera])
      await expect(found({ ...owner, only: ['browse', 'export'] })).rejects.toMatchObject({ name: 'AccessError' })
  })

  it.each([
    ['user:ada', [8, 5, 3]],
    ['user:ada,vera Action:Delete-tag', [5, 3]],
    ['outcome:refused,running', [8, 7]],
    ['-action:delete-tag', [8, 7, 1]],
    ['-user:ada -user:otto', [7]],
    ['user:vera or outcome:failed', [7, 3]],
    ['user:ada (action:edit-protection or tag:1.0)', [8, 3]],
    ['(user:otto or user:vera) action:move-tag', [7, 1]],
    ['user:ot*', [1]],
    ['user:"ada","vera" Outcome:"Done"', [5]],
    ['repo:"team-a/app user:vera"', []],
    ['-repo:"team-a/app user:vera" tag:1.0', [3]],
    ['action:*-tag repo:team-b/*', [7, 3]],
    ['user:ada user:otto', []],
    ['repo:team-a/**', [5, 1]],
    ['repo:team-b/app -outcome:x', []],
    ['tag:latest or repo:team-b/*', [7, 3, 1]],
    ['registry:hub -tag:latest', [5, 3]],
    ['digest:abababab', [5, 3, 1]],
    ['date:<1h', [8, 7, 5, 3, 1]],
    ['date:>1h', []],
    ['date:<2020-01-01', []],
  ])('%s finds the matching rows', async (q, seqs) => {
    expect(await found(ada, q)).toEqual(seqs)
  })

  it.each(['outcome:good', 'label:team', 'user:', 'nothing:here'])(
    '%s is said to be a mistake and finds nothing',
    async (q) => {
      const { rows, mistakes } = await readAudit(ada, { q })
      expect(rows).toEqual([])
      expect(mistakes.length).toBeGreaterThan(0)
    },
  )

  it.each([
    [
      'foo:bar',
      'Unknown qualifier foo:. Expected one of registry: repo: tag: digest: user: action: outcome: job: request: date:, or the text in quotes.',
    ],
    ['-usr:ada', 'Unknown qualifier usr:. Did you mean user?'],
    ['outcome:refuse', '“refuse” can’t be used here. Did you mean refused?'],
    ['action:export user:', 'A value is missing. Expected a user, for example user:anna.'],
    ['label:team', 'Unknown qualifier label:. Expected one of registry: repo: tag: digest: user:'],
    [
      'team=quay',
      'Filter the log by registry:, repo:, tag:, digest:, user:, action:, outcome:, job:, request: and date:.',
    ],
  ])('explains what is wrong with %s', async (q, words) => {
    const { mistakes } = await readAudit(ada, { q })
    expect(mistakes).toEqual([expect.stringContaining(words)])
  })

  it('exports only what the reader can see, as NDJSON that verifies and CSV safe for spreadsheets', async () => {
    const exported = async (actor: Actor, format: 'csv' | 'ndjson') =>
      text(Readable.from(await exportAudit(actor, '', format)))
    const lines = (await exported(otto, 'ndjson')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual([5, 6, 1, 2])
    const csv = await exported(ada, 'csv')
    expect(csv).toContain(",'=cmd,")
    expect(csv).toMatch(/,\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,/)
    await expect(exported(stranger, 'csv')).rejects.toMatchObject({ name: 'AccessError' })
    // What left is in the log itself.
    const { rows } = await readAudit(ada, { q: 'action:export' })
    expect(rows).toMatchObject([
      { actor: 'ada', what: 'audit log', outcome: 'done' },
      { actor: 'otto', what: 'audit log', outcome: 'done' },
    ])
  })

  it('can be verified by anyone with access to all of it', async () => {
    expect(await verifyAudit(audrey)).toMatchObject({ state: 'intact', rows: 10 })
    for (const actor of [vera, otto]) expect(() => verifyAudit(actor)).toThrow('denied')
  })

  it('names the retention policy that was saved or run, and lists tags as words', async () => {
    const record = (action: AuditAction, detail: Record<string, unknown>) =>
      recordIntent({ actor: 'ada' }, { action, detail })
    await record('edit-retention', { saved: { name: 'web-builds', scope: 'repo:web/**' } })
    await record('run-retention', { policy: 'web-builds', tags: ['pr-1', 'pr-1-rerun'] })
    const [run, saved] = (await readAudit(ada, { q: '' })).rows
    expect(saved).toMatchObject({ action: 'edit-retention', what: 'web-builds' })
    expect(run).toMatchObject({ action: 'run-retention', what: 'web-builds' })
    expect(run?.facts).toContainEqual(['tags', 'pr-1, pr-1-rerun'])
  })

  it('says in words what a change removed', async () => {
    const tookAway = [
      { tags: ['1.0', 'latest'], digest: 'sha256:1', outcome: 'overwritten' },
      { tags: [], digest: 'sha256:2' },
    ]
    await recordIntent({ actor: 'ada' }, { action: 'move-tag', detail: { tookAway } })
    const [row] = (await readAudit(ada, { q: '' })).rows
    expect(row?.facts).toEqual([['took away', '1.0, latest on sha256:1, overwritten; sha256:2']])
  })

  it('names the source of a copy only to those who may see it', async () => {
    const copy = (from: string, repository: string) =>
      recordIntent({ actor: 'ada' }, { action: 'copy-image', registry: 'hub', repository, detail: { from } })
    const digest = `sha256:${'cd'.repeat(32)}`
    await copy(`hub/team-a/app@${digest}`, 'team-a/copies')
    const failed = await copy(`hub/secret/plans@${digest}`, 'team-a/copies')
    const problem = { code: 'registry.not-found', title: 'Not found', detail: 'hub/secret/plans has no such image.' }
    await recordOutcome(failed, 'failed', { detail: { problem } })
    const read = async (actor: Actor) => {
      const { rows } = await readAudit(actor, { q: 'action:copy-image' })
      const exported = await text(Readable.from(await exportAudit(actor, 'action:copy-image', 'ndjson')))
      return JSON.stringify(rows) + exported
    }
    for (const [actor, sees] of [
      [audrey, true],
      [otto, false],
    ] as const) {
      expect(await read(actor)).toContain('hub/team-a/app@')
      expect((await read(actor)).includes('secret')).toBe(sees)
    }
    expect((await readAudit(otto, { q: 'action:copy-image outcome:failed' })).rows).toMatchObject([
      { outcome: 'failed', problem: 'registry.not-found', facts: [] },
    ])
  })

  it('finds everything that one request did, as a restore of several', async () => {
    const subject = { action: 'restore', registry: 'hub', repository: 'team-e/app' } as const
    const seqs: number[] = []
    for (const request of ['proxy:1', 'proxy:2', 'proxy:1']) {
      const intent = await recordIntent({ actor: 'ada', request }, subject)
      await recordOutcome(intent, 'done', {})
      if (request === 'proxy:1') seqs.push(intent.seq)
    }
    expect(await found(ada, 'request:proxy:1')).toEqual(seqs.toReversed())
  })

  it('shows what a job did in a repository as one row, across pages too, and each row when asked for', async () => {
    const work = async (job: string, tag: string, outcome: AuditOutcome, repository = 'team-c/app') => {
      const subject = { action: 'delete-image', registry: 'hub', repository, tag } as const
      const intent = await recordIntent({ actor: 'ada', job }, subject)
      await recordOutcome(intent, outcome, {})
      return intent.seq
    }
    const seqs: number[] = []
    for (let at = 0; at < 70; at++) {
      seqs.push(await work('batch', `t${at}`, at % 10 === 0 ? 'failed' : 'done'))
      // Others go on meanwhile.
      if (at % 30 === 0) await change('otto', 'move-tag', 'team-a/app', `m${at}`, 'done')
    }
    const q = 'date:<1h repo:team-c/app,team-a/app'
    const { rows } = await readAudit(ada, { q })
    expect(rows.slice(0, 3).map(({ actor, batch }) => [actor, batch?.rows])).toEqual([
      ['ada', 70],
      ['otto', undefined],
      ['otto', undefined],
    ])
    expect(rows[0]).toMatchObject({ seq: seqs.at(-1), batch: { oldest: seqs[0], outcomes: { done: 63, failed: 7 } } })
    const each = await readAudit(ada, { q: 'job:batch' })
    expect(each.rows).toHaveLength(50)
    const rest = await readAudit(ada, { q: 'job:batch', below: each.older })
    expect([...each.rows, ...rest.rows].map(({ seq }) => seq)).toEqual(seqs.toReversed())
    expect(await found(ada, 'job:batch outcome:failed')).toHaveLength(7)
    // A page that is full ends where a further row begins, whatever was added to its batches.
    for (let at = 0; at < 60; at++) await work(`single ${at}`, 'x', 'done', 'team-d/app')
    const first = await readAudit(ada, { q: 'repo:team-d/app,team-c/app' })
    const second = await readAudit(ada, { q: 'repo:team-d/app,team-c/app', below: first.older })
    expect([first.rows.length, second.rows.length, second.rows.at(-1)?.batch?.rows]).toEqual([50, 11, 70])
  })
})
