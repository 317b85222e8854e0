interface Target {
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
}

/**
 * Every server action with an input about one image, for people who may not have it. A missing action fails the tests
 * that read this: add each new one with its arguments.
 */
export function actionInputs({ registry, repository, tag, digest }: Target): Readonly<Record<string, unknown>> {
  const scope = { registry, repository }
  const image = { ...scope, digest: digest }
  const stolen = { registry, repository: 'team/stolen' }
  const elsewhere = { ...stolen, tag: 'x', expect: null }
  return {
    'session.ts startSession': {},
    'session.ts startAccountSession': {},
    'session.ts endSession': undefined,
    'repositories.ts listTreeLevel': { registry, prefix: 'secret' },
    'repositories.ts listRepositoryNames': undefined,
    'repositories.ts matchRepositories': '/./',
    'repositories.ts askRegistries': 'canary',
    'pins.ts pin': { ...scope, pinned: true },
    'repositories.ts findTags': { ...scope, term: '' },
    'repositories.ts refreshListing': scope,
    'repositories.ts followRootListing': { registry },
    'repositories.ts findReference': { repository: repository, selector: tag },
    'repositories.ts findDigest': { digest: digest, near: [scope] },
    'repositories.ts findNearTags': { ...scope, tag: 'nearly' },
    'tags.ts lookUpTag': { ...scope, tag: tag },
    'tags.ts readTagRow': { ...scope, tag: tag },
    'tags.ts previewDeletion': { ...scope, target: digest },
    'tags.ts restoreTrashed': {
      changes: [{ ...scope, change: '20260101T000000000Z-00000000-0000-4000-8000-000000000000' }],
    },
    'tags.ts retagTag': { ...scope, from: digest, to: 'x', expect: null },
    'tags.ts deleteTag': { ...scope, tag: tag, expect: digest, siblings: [], strategy: 'allow-replace' },
    'tags.ts deleteImage': { ...image, expectTags: [tag], force: true, layers: true },
    'tags.ts undoChange': { ...scope, change: '20260102T030405000Z-00000000-0000-4000-8000-000000000000' },
    'tags.ts checkTrashed': { ...scope, change: '20260102T030405000Z-00000000-0000-4000-8000-000000000000' },
    'jobs.ts listCopyTargets': undefined,
    'jobs.ts lookUpSource': { ...scope, reference: digest },
    'jobs.ts lookUpDestination': { ...scope, tag: tag },
    'jobs.ts copyImage': {
      source: { ...image, selector: digest },
      destination: elsewhere,
      platforms: null,
      referrers: true,
    },
    'jobs.ts lookUpCopyTags': { source: scope, destination: stolen, select: { matching: '', except: [] } },
    'jobs.ts copyTags': {
      source: scope,
      destination: stolen,
      select: { tags: [tag] },
      existing: 'overwrite',
      referrers: true,
    },
    'jobs.ts checkCompleteness': image,
    'jobs.ts hashWholeImage': { ...image, selector: digest },
    'jobs.ts cancel': 'A'.repeat(22),
    'jobs.ts retry': 'A'.repeat(22),
    'jobs.ts countJobs': undefined,
    'audit.ts verifyAudit': undefined,
    'retention.ts simulateRetention': {
      scope: 'repo:**',
      rules: [{ keep: 'signed' }],
      explain: { tags: tag, show: 'any', page: 1 },
    },
    'retention.ts saveRetention': {
      name: 'Stolen',
      scope: 'repo:**',
      rules: [{ keep: 'signed' }],
      mostShare: 100,
      schedule: null,
    },
    'retention.ts removeRetention': '00000000-0000-4000-8000-000000000000',
    'retention.ts runRetention': '00000000-0000-4000-8000-000000000000',
    'protection.ts addProtection': { name: 'Stolen', query: 'tag:x' },
    'protection.ts removeProtection': '00000000-0000-4000-8000-000000000000',
    'plans.ts planDeletion': { ...scope, select: { tags: [tag] } },
    'plans.ts planUntagged': { ...scope, keepDays: 0 },
    'plans.ts planLabel': { ...scope, select: { tags: [tag] }, key: 'x', value: 'y' },
    'plans.ts planRetag': {
      ...scope,
      select: { tags: [tag] },
      rule: { kind: 'add', prefix: '', suffix: '-x' },
    },
    'plans.ts lookUpPlan': { id: 'A'.repeat(16), show: 'all', page: 1 },
    'plans.ts start': { id: 'A'.repeat(16), revision: 0 },
    'plans.ts resume': 'A'.repeat(16),
    'plans.ts retryFailed': { id: 'A'.repeat(16) },
    'plans.ts dryRun': 'A'.repeat(16),
    'plans.ts undoBatch': 'A'.repeat(16),
    'plans.ts checkUndoBatch': 'A'.repeat(16),
    'plans.ts planOnceMore': 'A'.repeat(16),
    'plans.ts pause': 'A'.repeat(16),
    'plans.ts cancelRest': 'A'.repeat(16),
    'plans.ts tick': { id: 'A'.repeat(16), ticked: false },
    'plans.ts limitRate': { id: 'A'.repeat(16), rate: null },
    'sessions.ts endSessionOf': '00000000-0000-4000-8000-000000000000',
    'sessions.ts endOthers': undefined,
    'tokens.ts makeToken': { name: 'Stolen', scopes: ['read'], days: 7 },
    'tokens.ts endToken': '00000000-0000-4000-8000-000000000000',
    'labels.ts createLabel': { ...image, key: 'stolen', value: 'x', publish: true },
    'labels.ts deleteLabel': { ...scope, id: '00000000-0000-4000-8000-000000000000' },
    'sync.ts followSyncs': undefined,
    'sync.ts syncNow': { ...scope, everything: true },
    'searches.ts suggestTerms': { text: 'repo:can', cursor: 8 },
    'searches.ts saveSearch': { name: 'Stolen', href: '/search?q=canary' },
    'searches.ts deleteSavedSearch': { id: '00000000-0000-4000-8000-000000000000' },
    'referrers.ts listSboms': image,
    'referrers.ts listStatements': image,
    'referrers.ts searchPackages': { ...image, index: 0, filter: '', offset: 0 },
  }
}
