import { expect, test } from 'vitest'
import { AccessError } from '../../../access/access-error.ts'
import type { Actor } from '../../../access/actor.ts'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { theStore } from '../../../store/the-store.ts'
import { digestOfTag, pushImage, pushIndex } from '../../../testing/servers/images.ts'
import { anna } from '../../testing/configure.ts'
import { startDataLayer } from '../../testing/start-data-layer.ts'
import type { PolicyInput } from '../policy-input.ts'

const otto: Actor = { ...anna, username: 'otto', role: 'operator' }

/** The real data layer over a real registry and a real database. */
export function retentionSuite(kind: 'SQLite' | 'PostgreSQL'): void {
  const layer = startDataLayer(kind)

  const tagAt = (name: string, tag: string) => digestOfTag(layer.url, name, tag)

  /** Images of their own, each with its tags, `days` old; and what the catalog learns of them. */
  async function push(name: string, images: readonly { tags: readonly string[]; days: number }[]): Promise<void> {
    for (const { tags, days } of images) {
      const created = new Date(Date.now() - days * 86_400_000).toISOString()
      await pushImage(layer.url, name, tags, { labels: { of: `${name} ${tags[0]}` }, created })
    }
    await layer.sync(name)
  }

  const newer: PolicyInput['rules'] = [{ keep: 'newer', amount: 90, unit: 'days', by: 'created' }]
  const policyOf = (name: string, more: Partial<PolicyInput> = {}): PolicyInput => ({
    name,
    scope: `repo:${name}`,
    rules: newer,
    mostShare: 60,
    schedule: null,
    ...more,
  })

  async function save(input: PolicyInput): Promise<string> {
    const { savePolicy } = await import('../policies.ts')
    return savePolicy(anna, input)
  }

  async function runOf(policy: string) {
    const { readRuns } = await import('../runs.ts')
    await expect.poll(async () => (await readRuns({ policy }, 1))[0]?.state).toMatch(/done|stopped|failed/)
    const [run] = await readRuns({ policy }, 1)
    if (!run) throw new Error('There is no run')
    return run
  }

  async function run(policy: string) {
    const { runPolicy } = await import('../run-policy.ts')
    await runPolicy(anna, policy)
    return runOf(policy)
  }

  test('its job names the policy, by its name of now, and says so once the policy was deleted', async () => {
    const { listJobs } = await import('../../jobs/jobs.ts')
    const { removePolicy, savePolicy } = await import('../policies.ts')
    const name = 'team/named'
    await push(name, [{ tags: ['1'], days: 1 }])
    const id = await save(policyOf(name))
    await run(id)
    const shown = async () => (await listJobs(anna)).find(({ policy }) => policy?.id === id)?.policy
    expect(await shown()).toEqual({ id, name })
    await savePolicy(anna, { ...policyOf(name), id, name: 'renamed' })
    expect(await shown()).toEqual({ id, name: 'renamed' })
    await removePolicy(anna, id)
    expect(await shown()).toEqual({ id })
  })

  test('a run deletes what no rule keeps, as a plan with one undo, and nothing else', async () => {
    const name = 'team/builds'
    await push(name, [
      { tags: ['old', 'old-sha'], days: 200 },
      { tags: ['older', 'stable'], days: 300 },
      { tags: ['new'], days: 3 },
    ])
    const rules = [...newer, { keep: 'matching', query: 'tag:stable' } as const]
    const before = await tagAt(name, 'old')
    const done = await run(await save(policyOf(name, { rules })))
    expect(done).toMatchObject({ state: 'done', tags: 5, going: 3, deleted: 3, by: 'anna' })
    for (const tag of ['old', 'old-sha', 'older']) expect(await tagAt(name, tag)).toBeUndefined()
    for (const tag of ['stable', 'new']) expect(await tagAt(name, tag)).toBeDefined()
    const { readPlan } = await import('../../plans/read-plan.ts')
    const { undoPlan } = await import('../../plans/steer-plan.ts')
    const [{ id: plan } = { id: '' }] = done.plans
    expect(done.plans).toEqual([{ id: plan, registry: 'local', repository: name, deleted: 3 }])
    const page = () => readPlan(anna, { id: plan, show: 'all', page: 1 })
    expect((await page()).plan).toMatchObject({ state: 'finished', policy: name })
    await undoPlan(anna, plan)
    await expect.poll(async () => (await page()).plan.state).toBe('undone')
    expect(await tagAt(name, 'old')).toBe(before)
    const { readAudit } = await import('../../audit/read-audit.ts')
    const { rows } = await readAudit(anna, { q: `job:${done.job}` })
    const ofPlan = rows.filter(({ repository }) => repository === name)
    expect(ofPlan.length).toBeGreaterThan(0)
    expect(new Set(ofPlan.map((row) => row.plan))).toEqual(new Set([plan]))
    const audited = (await theStore()).read.selectFrom('audit_entry').select(['seq', 'phase'])
    const { seq } = await audited.where('detail', 'like', `%${done.id}%`).executeTakeFirstOrThrow()
    expect((await audited.where('intent', '=', seq).execute()).map(({ phase }) => phase)).toEqual(['outcome'])
  })

  test('a run says how many tags it kept because too little is known of them', async () => {
    const name = 'team/undated'
    await pushImage(layer.url, name, ['undated'], { created: '0001-01-01T00:00:00Z' })
    await push(name, [
      { tags: ['old'], days: 200 },
      { tags: ['new'], days: 3 },
    ])
    expect(await run(await save(policyOf(name)))).toMatchObject({ tags: 3, deleted: 1, undecided: 1 })
  })

  test('a run names tags that couldn’t be deleted', async () => {
    const name = 'team/refused'
    await push(name, [
      { tags: ['a'], days: 200 },
      { tags: ['b'], days: 200 },
      { tags: ['c'], days: 1 },
    ])
    const path = `/${name}/manifests/${await tagAt(name, 'a')}`
    const off = layer.proxy.on({ method: 'DELETE', path, fault: { kind: 'answer', status: 500 } })
    const done = await run(await save(policyOf(name, { mostShare: 70 })))
    off()
    const detail = `local/${name}: 1 tag couldn’t be deleted. Its plan says why.`
    expect(done).toMatchObject({ state: 'done', going: 2, deleted: 1, problem: { detail } })
  })

  test('a run stops before it deletes anything when more than its limit would go', async () => {
    const name = 'team/limited'
    await push(name, [
      { tags: ['a'], days: 200 },
      { tags: ['b'], days: 200 },
      { tags: ['c'], days: 1 },
    ])
    const stopped = await run(await save(policyOf(name)))
    expect(stopped).toMatchObject({ state: 'stopped', tags: 3, going: 2, deleted: 0, plans: [] })
    const { listJobs } = await import('../../jobs/jobs.ts')
    const job = (await listJobs(anna)).find(({ policy }) => policy?.id === stopped.policy)
    expect(job).toMatchObject({ runState: 'stopped', problem: { title: 'Stopped at its limit: 66.6%' } })
    const { readHomeNeeds } = await import('../../home/read-home.ts')
    expect((await readHomeNeeds(anna)).jobs.map(({ id }) => id)).toContain(job?.id)
    expect(stopped.problem?.detail).toContain('2 of 3 tags would have been deleted')
    const { readAudit } = await import('../../audit/read-audit.ts')
    const [row] = (await readAudit(anna, { q: 'action:run-retention' })).rows
    expect(row).toMatchObject({ outcome: 'failed', problem: expect.stringContaining('Stopped at its limit') })
    expect(await tagAt(name, 'a')).toBeDefined()
  })

  test('what changed in the registry since the last sync counts, not what the catalog remembers', async () => {
    const name = 'team/moved'
    await push(name, [
      { tags: ['keep'], days: 1 },
      { tags: ['x'], days: 200 },
      { tags: ['y'], days: 200 },
    ])
    // Somebody pushes a new image under an old tag.
    const fresh = await pushImage(layer.url, name, ['x'], {
      labels: { fresh: '1' },
      created: new Date().toISOString(),
    })
    const done = await run(await save(policyOf(name, { mostShare: 70 })))
    expect(done).toMatchObject({ state: 'done', going: 1, deleted: 1 })
    expect(await tagAt(name, 'x')).toBe(fresh.digest)
    expect(await tagAt(name, 'y')).toBeUndefined()
  })

  test('a tag that moves after it was evaluated is left alone by the plan, and reported', async () => {
    const name = 'team/race'
    await push(name, [{ tags: ['x'], days: 200 }])
    const place = { registry: 'local', repository: parseRepositoryName(name) }
    const { makePlan } = await import('../../plans/make-plan.ts')
    const { readPlan } = await import('../../plans/read-plan.ts')
    const { parseDigest } = await import('../../../oci/digest.ts')
    const seen = parseDigest((await tagAt(name, 'x')) ?? '')
    await pushImage(layer.url, name, ['x'], { labels: { fresh: '2' } })
    await layer.sync(name)
    const tag = parseTag('x')
    const origin = { retentionRun: crypto.randomUUID(), policy: 'race', expect: new Map([[tag, seen]]) }
    const id = await makePlan(anna, { ...place, select: { tags: [tag] } }, { origin })
    const { counts, items } = await readPlan(anna, { id, show: 'all', page: 1 })
    expect(counts).toMatchObject({ planned: { tags: 0 }, skipped: { tags: 1 } })
    expect(items[0]?.reason).toContain('since the policy was evaluated')
  })

  test('a repository that can’t be read is reported, and the others are cleaned up', async () => {
    for (const name of ['part/down', 'part/up'])
      await push(name, [
        { tags: ['old'], days: 200 },
        { tags: ['new'], days: 1 },
      ])
    layer.proxy.on({ path: /\/part\/down\//, fault: { kind: 'answer', status: 500 } })
    const done = await run(await save(policyOf('part', { scope: 'repo:part/*' })))
    layer.proxy.clear()
    expect(done).toMatchObject({ state: 'done', deleted: 1 })
    expect(done.problem?.detail).toContain('local/part/down')
    expect(await tagAt('part/down', 'old')).toBeDefined()
    expect(await tagAt('part/up', 'old')).toBeUndefined()
  })

  test('a repository with more tags than one plan takes is cleaned up by several, one after another', async () => {
    const name = 'team/large'
    await push(name, [
      { tags: ['a1', 'a2', 'a3'], days: 200 },
      { tags: ['b1', 'b2'], days: 300 },
      { tags: ['new'], days: 3 },
    ])
    const run = await runInPlansOf(2, policyOf(name, { mostShare: 90 }))
    for (const tag of ['a1', 'a2', 'a3', 'b1', 'b2']) expect(await tagAt(name, tag)).toBeUndefined()
    expect(await tagAt(name, 'new')).toBeDefined()
    expect(run).toMatchObject({ going: 5, deleted: 5 })
    expect(run?.plans).toHaveLength(3)
  })

  test('a tag that moves while an earlier plan of the run deletes others is left alone', async () => {
    const name = 'team/large-race'
    // In the order of the plans.
    for (const tags of [['a1', 'a2'], ['b1'], ['b2']]) await push(name, [{ tags, days: 200 }])
    const fresh = { labels: { fresh: '3' }, created: new Date().toISOString() }
    const moveTag = async () => {
      await pushImage(layer.url, name, ['b1'], fresh)
      await layer.sync(name)
    }
    layer.proxy.on({
      method: 'DELETE',
      path: `/${name}/manifests/sha256:`,
      nth: 1,
      fault: { kind: 'run', run: moveTag },
    })
    const run = await runInPlansOf(2, policyOf(name, { mostShare: 100 }))
    layer.proxy.clear()
    expect(run).toMatchObject({ going: 4, deleted: 3 })
    expect(await tagAt(name, 'b1')).toBeDefined()
    expect(await tagAt(name, 'b2')).toBeUndefined()
  })

  test('a run whose plan was cancelled says how much of the repository it left, and so does the plan', async () => {
    const name = 'team/large-cancelled'
    await push(name, [
      { tags: ['a1', 'a2'], days: 200 },
      { tags: ['b1', 'b2', 'b3'], days: 300 },
    ])
    const { holdLease } = await import('../../../store/leases/lease.ts')
    const { readRuns } = await import('../runs.ts')
    const { cancelPlan } = await import('../../plans/steer-plan.ts')
    const { readPlan } = await import('../../plans/read-plan.ts')
    // As another plan of the repository holds it.
    const lease = await holdLease(await theStore(), `plans of local/${name}`)
    const { run, end } = await startInPlansOf(2, policyOf(name, { mostShare: 100 }))
    const plans = async () => (await readRuns({ id: run }, 1))[0]?.plans ?? []
    await expect.poll(async () => (await plans()).length).toBe(1)
    const [{ id: plan } = { id: '' }] = await plans()
    const planOf = async () => (await readPlan(anna, { id: plan, show: 'all', page: 1 })).plan
    await expect.poll(async () => (await planOf()).state).toBe('running')
    await cancelPlan(anna, plan)
    await lease?.release()
    expect(await end).toMatchObject({
      state: 'done',
      problem: { detail: `local/${name}: its plan was cancelled, so 5 tags there were left.` },
    })
    expect(await planOf()).toMatchObject({ state: 'cancelled', beyond: 3 })
    for (const tag of ['a1', 'a2', 'b1', 'b2', 'b3']) expect(await tagAt(name, tag)).toBeDefined()
  })

  test('a run begins no further plan once its rights are withdrawn, and leaves none to continue', async () => {
    const names = ['team/withdrawn-a', 'team/withdrawn-b', 'team/withdrawn-c']
    for (const name of names)
      await push(name, [
        { tags: ['old'], days: 200 },
        { tags: ['new'], days: 1 },
      ])
    let isWithdrawn = false
    const withdraw = () => {
      isWithdrawn = true
    }
    layer.proxy.on({ method: 'DELETE', path: '/team/withdrawn-', fault: { kind: 'run', run: withdraw } })
    const rights = async () => {
      if (isWithdrawn) throw new AccessError('denied', 'manage', {})
      return anna
    }
    const { run, end } = await startInPlansOf(10, policyOf('team/withdrawn-*', { mostShare: 100 }), rights)
    expect(await end).toMatchObject({ problem: { code: 'access.denied' } })
    layer.proxy.clear()
    const { readRuns } = await import('../runs.ts')
    const { readPlan } = await import('../../plans/read-plan.ts')
    const plans = (await readRuns({ id: run }, 1))[0]?.plans ?? []
    const states = await Promise.all(
      plans.map(async ({ id }) => (await readPlan(anna, { id, show: 'all', page: 1 })).plan.state),
    )
    expect(states.toSorted()).toEqual(['cancelled', 'cancelled', 'finished'])
    const left = await Promise.all(names.map((name) => tagAt(name, 'old')))
    expect(left.filter((digest) => digest !== undefined)).toHaveLength(2)
  })

  async function runInPlansOf(tags: number, input: PolicyInput) {
    const { run, end } = await startInPlansOf(tags, input)
    expect(await end).toEqual({ state: 'done' })
    const { readRuns } = await import('../runs.ts')
    return (await readRuns({ id: run }, 1))[0]
  }

  async function startInPlansOf(tags: number, input: PolicyInput, rights = async () => anna) {
    const [{ readPolicy }, { addRun }, { PolicyRun }] = await Promise.all([
      import('../policies.ts'),
      import('../runs.ts'),
      import('../policy-run.ts'),
    ])
    const policy = await readPolicy(anna, await save(input))
    const postpone = (): never => expect.unreachable('nothing else works on it')
    const context = { signal: new AbortController().signal, report() {}, add() {}, postpone }
    const run = await addRun(policy.id, 'anna')
    return { run, end: new PolicyRun(anna, policy, run, context, rights, tags).work([]) }
  }

  async function simulate(policy: PolicyInput) {
    const { simulatePolicy } = await import('../simulate-policy.ts')
    const { scope, rules } = policy
    return simulatePolicy(anna, { scope, rules, explain: { tags: '', show: 'any', page: 1 } })
  }

  test('an image stays with the index that lists it, in the simulation as in the run', async () => {
    const name = 'team/platforms'
    const platform = { os: 'linux', architecture: 'amd64' }
    const created = new Date(Date.now() - 200 * 86_400_000).toISOString()
    const image = (of: string) => pushImage(layer.url, name, [of], { platform, created, labels: { of } })
    const [listed] = [await image('listed'), await image('alone')]
    await pushIndex(layer.url, name, ['stable'], [{ manifest: listed, platform }])
    await push(name, [{ tags: ['new'], days: 1 }])
    const policy = policyOf(name, { rules: [...newer, { keep: 'matching', query: 'tag:stable' }] })
    const { going, imagesGoing, asPlatforms, explained } = await simulate(policy)
    expect({ going, imagesGoing, asPlatforms }).toEqual({ going: 1, imagesGoing: 1, asPlatforms: 1 })
    expect(explained.find(({ tag }) => tag === 'listed')).toMatchObject({ isKept: true, platformOf: 'stable' })
    expect(await simulate(policyOf(name))).toMatchObject({ going: 3, asPlatforms: 0 })
    expect(await run(await save(policy))).toMatchObject({ state: 'done', going: 1, deleted: 1 })
    expect(await tagAt(name, 'listed')).toBe(listed.digest)
  })

  test('the simulation counts and names tags that go and aren’t versions, moving ones first', async () => {
    const name = 'team/versions'
    await push(
      name,
      ['1.0', '1.1', 'build-7', 'latest', 'stable'].map((tag) => ({ tags: [tag], days: 1 })),
    )
    const rules = [{ keep: 'last', count: 1, by: 'version', among: '' } as const]
    const { going, unversioned } = await simulate(policyOf(name, { rules }))
    expect(going).toBe(4)
    expect(unversioned).toEqual({ going: 3, names: ['latest', 'stable', 'build-7'] })
  })

  test('the simulation says which registries refused earlier deletions', async () => {
    const name = 'team/refusing'
    await push(name, [
      { tags: ['old'], days: 200 },
      { tags: ['new'], days: 1 },
    ])
    const policy = policyOf(name)
    expect((await simulate(policy)).refusals).toEqual([])
    const fault = { kind: 'answer', status: 405, body: '{"errors":[{"code":"UNSUPPORTED"}]}' } as const
    const off = layer.proxy.on({ method: 'DELETE', path: /\/manifests\//, fault })
    expect(await run(await save(policy))).toMatchObject({ problem: { code: 'registry.deletes-disabled' } })
    const { refusals } = await simulate(policy)
    off()
    expect(refusals).toMatchObject([{ registry: 'local', problem: { code: 'registry.deletes-disabled' } }])
  })

  test('a protected tag is kept by every policy', async () => {
    const name = 'team/protected'
    await push(name, [
      { tags: ['v1'], days: 200 },
      { tags: ['pr-1'], days: 200 },
      { tags: ['new'], days: 1 },
    ])
    const { addRule, listRules, removeRule } = await import('../../protection/edit-protection.ts')
    await addRule(anna, { name: 'Releases', query: 'tag:v*' })
    expect(await run(await save(policyOf(name)))).toMatchObject({ state: 'done', going: 1, deleted: 1 })
    expect(await tagAt(name, 'v1')).toBeDefined()
    for (const { id } of await listRules(anna)) await removeRule(anna, id)
  })

  test('a schedule starts a due policy once, with the rights of who saved it', async () => {
    const name = 'team/scheduled'
    await push(name, [
      { tags: ['old'], days: 200 },
      { tags: ['new'], days: 1 },
    ])
    const id = await save(policyOf(name, { schedule: { every: 'day', weekday: 0, at: '04:00' } }))
    const { runDue } = await import('../schedule-retention.ts')
    const { readPolicy } = await import('../policies.ts')
    const due = Date.parse((await readPolicy(anna, id)).nextRunAt ?? '')
    expect(await runDue(due - 1)).toBe(0)
    expect((await Promise.all([runDue(due), runDue(due)])).sort()).toEqual([0, 1])
    expect(await runOf(id)).toMatchObject({ state: 'done', deleted: 1 })
    expect((await runOf(id)).by).toBeUndefined()
    expect(Date.parse((await readPolicy(anna, id)).nextRunAt ?? '')).toBe(due + 86_400_000)
  })

  test('only admins see, change and run policies, and changes are audited', async () => {
    const { listPolicies, removePolicy, savePolicy } = await import('../policies.ts')
    const { runPolicy } = await import('../run-policy.ts')
    const { simulatePolicy } = await import('../simulate-policy.ts')
    const id = await save(policyOf('team/owned'))
    const denied = { name: 'AccessError' }
    await expect(listPolicies(otto)).rejects.toMatchObject(denied)
    await expect(savePolicy(otto, policyOf('team/mine'))).rejects.toMatchObject(denied)
    await expect(runPolicy(otto, id)).rejects.toMatchObject(denied)
    await expect(removePolicy(otto, id)).rejects.toMatchObject(denied)
    const explain = { tags: '', show: 'any', page: 1 } as const
    await expect(simulatePolicy(otto, { scope: 'repo:**', rules: newer, explain })).rejects.toMatchObject(denied)
    await expect(save(policyOf('team/owned'))).rejects.toMatchObject({ code: 'name-taken' })
    await removePolicy(anna, id)
    const rows = await (await theStore()).read
      .selectFrom('audit_entry')
      .select(['actor', 'outcome'])
      .where('action', '=', 'edit-retention')
      .where('phase', '=', 'outcome')
      .orderBy('seq', 'desc')
      .limit(2)
      .execute()
    expect(rows[0]).toEqual({ actor: 'anna', outcome: 'done' })
  })

  test('a policy without a rule, or about what can’t be known of every tag, is refused', async () => {
    const { policyInput } = await import('../policy-input.ts')
    const isValid = (more: object) => policyInput.safeParse({ ...policyOf('x'), ...more }).success
    expect(isValid({})).toBe(true)
    expect(isValid({ rules: [] })).toBe(false)
    expect(isValid({ scope: '' })).toBe(false)
    expect(isValid({ scope: 'label:team=quay' })).toBe(false)
    expect(isValid({ rules: [{ keep: 'matching', query: 'tags:x' }] })).toBe(false)
    expect(isValid({ mostShare: 0 })).toBe(false)
  })
}
