import type { ColumnType, Generated } from 'kysely'
import type { RepositoryName, Tag } from '../oci/reference.ts'

/** The tables of the database, as `migrations/` makes them. Names and tags are parsed before they are recorded. Times are milliseconds since the epoch, sizes bytes, digests as `storedDigest` has them. */
export interface Tables {
  registry: {
    id: Generated<number>
    name: string
    listed_at: number | null
    list_partial: string | null
    is_outdated: Generated<number>
    list_version: Generated<number>
  }
  repository: {
    id: Generated<number>
    registry_id: number
    name: RepositoryName
    first_seen: number
    last_seen: number
    gone_at: number | null
    tags_seen: number | null
    tags_complete: Generated<number>
    listed: Generated<number>
    generation: Generated<number>
    list_seen: number | null
    list_generation: Generated<number>
    list_partial: string | null
    list_pushed: string | null
    list_folded: string | null
    folded: Generated<number>
    list_hash: string | null
    looked_at: number | null
  }
  manifest: {
    id: Generated<number>
    digest: Uint8Array
    media_type: string
    type: string
    artifact_type: string | null
    bytes: number
    subject: string | null
    created: number | null
    size: number | null
    sbom: number | null
    provenance: number | null
    problem: string | null
    summary: string | null
  }
  blob: { id: Generated<number>; digest: Uint8Array; size: number }
  manifest_blob: { manifest_id: number; position: number; blob_id: number; is_foreign: Generated<number> }
  nested_index: { manifest_id: number; child_id: number }
  platform: { id: Generated<number>; name: string }
  image: {
    id: Generated<number>
    manifest_id: number
    child_id: number
    position: number
    platform_id: number | null
    created: number | null
    size: number | null
    layers: number | null
  }
  label_key: {
    id: Generated<number>
    hash: string
    key: string
    images: Generated<number>
    distinct_values: Generated<number>
  }
  label_value: { id: Generated<number>; key_id: number; hash: string; value: string; images: Generated<number> }
  label: { image_id: number; key_id: number; value_id: number; origin: number }
  tag: {
    id: Generated<number>
    repository_id: number
    name: Tag
    manifest_id: number | null
    first_seen: number
    checked_at: number | null
    moved_at: Generated<number>
    created: Generated<number>
    size: Generated<number>
    problem: string | null
    listed: Generated<number>
    known: Generated<number>
    generation: Generated<number>
    version_key: Generated<string>
    error: string | null
    attached: number | null
  }
  tag_name: { name: string }
  tag_event: {
    id: Generated<number>
    repository_id: number
    tag: Tag
    kind: string
    from_manifest_id: number | null
    to_manifest_id: number | null
    at: number
    how: string
    actor: string | null
    since: number | null
  }
  added_label: {
    id: string
    repository_id: number
    digest: Uint8Array
    key: string
    value: string
    media_type: string
    source: string
    created_by: string
    created_at: number
    published: string | null
  }
  sync_run: {
    id: Generated<number>
    registry_id: number
    started_at: number
    ended_at: number | null
    state: string
    repositories_done: Generated<number>
    tags_done: Generated<number>
    cursor: string | null
    problem: string | null
    repositories_total: Generated<number>
    repositories_failed: Generated<number>
    problems: Generated<number>
  }
  pinned_repository: { owner: string; registry: string; repository: RepositoryName; created_at: number }
  referrer_count: {
    repository_id: number
    subject_hash: string
    counts: string
    seen_at: number
    generation: number
  }
  account: { username: string; issuer: string; subject: string; group_names: string; confirmed_at: number }
  session: {
    id: string
    username: string
    began_at: number
    seen_at: number
    address: string
    browser: string
    way: string
    ended_at: number | null
    provider_tokens: string | null
    asking_until: number | null
  }
  sent_once: { key: string; input: string; sent_at: number; answer: string | null }
  sign_out: { username: string; at: number }
  sign_in_failure: { key: string; count: number; blocked_until: number; last_at: number }
  access_token: {
    id: string
    owner: string
    hash: string
    name: string
    scopes: string
    created_at: number
    expires_at: number
    used_at: number | null
  }
  policy_finding: { repository_id: number; fingerprint: string; since: number | null; ended_at: number | null }
  policy_check: { policy: string; first_at: number; last_at: number }
  saved_search: { id: string; owner: string; name: string; query: string; created_at: number }
  plan: {
    id: string
    owner: string
    registry: string
    repository: RepositoryName
    query: string | null
    state: string
    wanted: string
    rate: number | null
    created_at: number
    checked_at: number
    started_at: number | null
    ended_at: number | null
    tags_before: number
    frees: number | null
    frees_at_most: number
    problem: string | null
    retention_run: Generated<string | null>
    policy: Generated<string | null>
    verified: Generated<string | null>
    work: Generated<string>
    input: Generated<string | null>
    revision: Generated<number>
  }
  plan_item: {
    plan_id: string
    position: number
    kind: string
    digest: string | null
    media_type: string | null
    tags: string
    tag_count: number
    kept_by: string
    holds: string
    size: number | null
    frees: number | null
    created: string | null
    ticked: number
    reason: string | null
    outcome: string | null
    removed: Generated<string>
    removed_count: Generated<number>
    undo: Generated<string>
    detail: string | null
    ended_at: number | null
    was: Generated<string | null>
  }
  plan_job: { plan_id: string; job_id: string }
  catalog_state: {
    id: ColumnType<number, never, never>
    version: number
    repository_version: number
    tags: number
    images: number
  }
  audit_entry: {
    seq: number
    previous: string
    hash: string
    at: number
    phase: string
    intent: number | null
    actor: string | null
    rights: string | null
    address: string | null
    request: string | null
    job: string | null
    action: string
    registry: string | null
    repository: string | null
    tag: string | null
    digest_before: string | null
    digest_after: string | null
    outcome: string | null
    reason: string | null
    detail: string | null
  }
  audit_head: { id: number; seq: number; hash: string; signature: string }
  change_entry: {
    id: string
    began: string
    registry: string
    repository: RepositoryName
    record: string
    document: Uint8Array
    stand_ins: Generated<string>
    took_along: Generated<string>
    outcome: string | null
    replacement: string | null
    actor: string | null
    plan: string | null
    lease: string
    fence: number
    restored_at: Generated<number | null>
  }
  job: {
    id: string
    number: number
    kind: string
    owner: string
    person: string
    input: string
    same: string | null
    lease: string
    fence: number | null
    turn: number | null
    state: string
    wanted: Generated<string>
    attempts: Generated<number>
    created_at: number
    started_at: number | null
    ended_at: number | null
    not_before: number | null
    progress: string
    items: Generated<string>
    failure: string | null
  }
  job_queue: { id: number; turn: number }
  lease: { name: string; holder: string; fence: number; expires_at: number }
  retention_policy: {
    id: string
    name: string
    scope: string
    rules: string
    most_share: number
    schedule: string | null
    next_run_at: number | null
    owner: string
    saved_by: string | null
    saved_at: number
  }
  retention_run: {
    id: string
    policy_id: string
    started_at: number
    ended_at: number | null
    started_by: string | null
    state: string
    tags: number | null
    going: number | null
    undecided: Generated<number | null>
    problem: string | null
  }
  protection_rule: { id: string; name: string; query: string; created_by: string; created_at: number }
}
