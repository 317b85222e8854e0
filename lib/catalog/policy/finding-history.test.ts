import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { catalogDatabase } from '../database/catalog-database.ts'
import { recordTags } from '../database/record-tags.ts'
import { recordRepositories } from '../database/repository-ids.ts'
import { fillSample } from '../database/testing/fill-sample.ts'
import { sampleTags } from '../database/testing/sample-catalog.ts'
import { findingHistory, firstCheckedFrom, recordFindings, WEEK } from './finding-history.ts'
import { type Finding, FindingList } from './finding-list.ts'

const NOW = Date.UTC(2026, 10, 29)
const DAY = 86_400_000

function listOf(findings: readonly Finding[]): FindingList {
  return new FindingList(
    findings.map(({ policy, registry, repository, repositoryId: id, tag, digest, ...rule }) => ({
      policy,
      repository: { id, registry, name: parseRepositoryName(repository) },
      tags: [tag],
      verdicts: [{ digest, findings: [rule] }],
      findings: 1,
    })),
  )
}

describeEachDatabase('the history of findings', (databases) => {
  let store: Store
  let ids: readonly number[]
  beforeAll(async () => {
    store = await openStore(await databases.create())
    ids = await recordRepositories(store, 'hub', ['team/api', 'vault/keys'].map(parseRepositoryName), NOW)
  })
  afterAll(() => store?.close())

  const finding = (tag: string, repository = 0, policy = 'licensing'): Finding => ({
    policy,
    kind: 'missing',
    key: 'licenses',
    expected: 'some text',
    registry: 'hub',
    repository: parseRepositoryName('any'),
    repositoryId: ids[repository] ?? 0,
    tag,
    digest: 'sha256:00',
    platforms: [],
    broken: 1,
    checked: 1,
  })
  const foundBy = (findings: readonly Finding[], isWhole = true) => ({
    findings: listOf(findings),
    unread: [],
    isWhole,
  })
  const record = (at: number, findings: readonly Finding[], isWhole = true) =>
    recordFindings(store, ['licensing'], foundBy(findings, isWhole), at)
  const history = async (globs: readonly string[] = ['**']) => {
    const { repositories } = catalogDatabase(store)
    return findingHistory(store, await repositories.visible(new Map([['hub', globs]])), NOW)
  }
  const sinceOf = async (one: Finding) => (await history()).sinceOf(one)

  it('knows when a finding began and ended, except those of a policy’s first check', async () => {
    await record(NOW - 3 * WEEK, [finding('old')])
    await record(NOW - 2 * WEEK - DAY, [finding('old'), finding('1'), finding('2')])
    await record(NOW - DAY, [finding('old'), finding('2'), finding('secret', 1)])
    expect(await sinceOf(finding('old'))).toBeUndefined()
    expect(await sinceOf(finding('1'))).toBeUndefined()
    expect(await sinceOf(finding('2'))).toBe(NOW - 2 * WEEK - DAY)
    const { began, weeks } = await history()
    expect(began).toBe(NOW - 3 * WEEK)
    expect(weeks.slice(0, 4)).toEqual([
      { added: 1, ended: 1 },
      { added: 0, ended: 0 },
      { added: 2, ended: 0 },
      { added: 0, ended: 0 },
    ])
  })

  it('dates no finding of a repository that was first looked at since the last check', async () => {
    const place = { registry: 'hub', repository: parseRepositoryName('late/app') }
    const [id = 0] = await recordRepositories(store, 'hub', [place.repository], NOW)
    const late = { ...finding('1'), repositoryId: id }
    const [sample] = sampleTags
    if (!sample) throw new Error('There is no sample')
    await fillSample(store, [{ ...sample, registry: 'other' }])
    await recordTags(store, place, [{ tag: '1', digest: sample.digest }], { at: NOW - DAY - 60_000, how: 'sync' })
    await record(NOW - DAY + 1, [finding('old'), finding('2'), finding('secret', 1), late])
    expect(await sinceOf(late)).toBeUndefined()
    const pushed = { ...finding('2'), repositoryId: id }
    await record(NOW - DAY + 7_200_000, [finding('old'), finding('2'), finding('secret', 1), late])
    await record(NOW - DAY + 7_200_001, [finding('old'), finding('2'), finding('secret', 1), late, pushed])
    expect(await sinceOf(late)).toBeUndefined()
    expect(await sinceOf(pushed)).toBe(NOW - DAY + 7_200_001)
    // A policy that was removed before the first look is never checked again.
    await recordFindings(store, ['removed'], foundBy([], false), NOW - 2 * DAY)
    const next = { ...finding('3'), repositoryId: id }
    await record(NOW - DAY + 7_200_002, [finding('old'), finding('2'), finding('secret', 1), late, pushed, next])
    expect(await sinceOf(next)).toBe(NOW - DAY + 7_200_002)
  })

  it('knows from when at the earliest a finding was there that no check has seen begin', async () => {
    const old = finding('old')
    const begun = finding('2')
    const unrecorded = finding('9')
    const from = await firstCheckedFrom(store, [old, { ...begun, since: NOW }, unrecorded])
    // The repository was first seen after the policy’s first check.
    expect([...from]).toEqual([[old, NOW]])
    const early = { ...finding('early', 0, 'later') }
    await recordFindings(store, ['later'], foundBy([early], false), NOW + DAY)
    expect((await firstCheckedFrom(store, [early])).get(early)).toBe(NOW + DAY)
  })

  it('counts nothing in hidden repositories', async () => {
    expect((await history(['team/**'])).weeks[0]).toEqual({ added: 0, ended: 1 })
    expect((await history([])).sinceOf(finding('2'))).toBeUndefined()
    expect((await history([])).newIn.size).toBe(0)
  })

  it('ends no finding after an interrupted check, and reopens what comes back', async () => {
    await record(NOW, [finding('old'), finding('1')], false)
    expect(await sinceOf(finding('2'))).toBe(NOW - 2 * WEEK - DAY)
    expect(await sinceOf(finding('1'))).toBe(NOW)
  })

  it('ends none where images can’t be read, and those of every other repository', async () => {
    const [hidden, fixed] = [finding('hidden'), finding('fixed', 1)]
    await record(NOW + 1, [hidden, fixed])
    const unread = [{ id: hidden.repositoryId, registry: 'hub', name: parseRepositoryName('team/api') }]
    await recordFindings(store, ['licensing'], { ...foundBy([]), unread }, NOW + 2)
    expect([await sinceOf(hidden), await sinceOf(fixed)]).toEqual([NOW + 1, undefined])
  })

  it('treats findings of a new policy as old', async () => {
    const other = finding('old', 0, 'ownership')
    await recordFindings(store, ['licensing', 'ownership'], foundBy([finding('old'), other]), NOW)
    expect(await sinceOf(other)).toBeUndefined()
    const late = finding('late', 0, 'ownership')
    await recordFindings(store, ['licensing', 'ownership'], foundBy([other, late]), NOW + 1)
    expect(await sinceOf(late)).toBe(NOW + 1)
  })
})
