import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Actor } from '../access/actor.ts'
import { seal, unseal } from '../access/sessions/seal.ts'
import { processWide } from '../config/process-wide.ts'
import { steadyNow } from '../config/steady-clock.ts'
import type { Attempt } from '../problem/attempt.ts'
import type { Problem } from '../problem/problem.ts'
import { StoreError } from '../store/store-error.ts'
import { theStore } from '../store/the-store.ts'

/** Milliseconds that an answer is kept for repetitions. */
const KEPT = 600_000
/** Milliseconds that the second of two calls waits for the first, and between two checks. */
const PATIENCE = 30_000
const LOOK_EVERY = 150

const PURPOSE = 'answers'

const UNFINISHED: Problem = {
  code: 'action.unfinished',
  title: 'This was already sent and hasn’t finished',
  detail: 'Lading is still working on it, or was stopped partway.',
  advice: 'Check the audit log before you try again.',
}
const OTHER_INPUT: Problem = {
  code: 'input',
  title: 'This input isn’t valid',
  detail: 'Something else was already sent with the same key.',
  advice: 'Reload the page, then try again.',
}

export interface Sent {
  /** Chosen by the sender; people don't share keys. */
  readonly key: string
  readonly actor: Actor
  /** Of anonymous senders. */
  readonly address: string
  readonly input: unknown
}

/**
 * Does the work of a call once, however often the call is sent: a second one gets the answer of the first, on any
 * replica. Without a database, calls to the same process still count once.
 */
export async function once<T>(sent: Sent, work: () => Promise<Attempt<T>>): Promise<Attempt<T>> {
  const row = rowOf(sent)
  const isFirst = await orDown(claim(row))
  // Where the database is gone by now, another process may have begun it.
  if (isFirst === false)
    return (await orDown(answerOf<T>(row))) ?? answerHere<T>(row) ?? { ok: false, problem: UNFINISHED }
  const known = isFirst ? undefined : answerHere<T>(row)
  if (known) return known
  const begun: Here = { input: row.input, answer: work() }
  here().set(row.key, begun)
  setTimeout(() => here().delete(row.key), KEPT).unref()
  const answer = (await begun.answer) as Attempt<T>
  // It may hold a secret, which the database keeps unreadable.
  if (isFirst && (await keep(row, answer))) delete begun.answer
  return answer
}

/** Undefined while the database is down. */
async function orDown<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof StoreError) return undefined
    throw error
  }
}

interface Row {
  readonly key: string
  readonly input: string
}

function rowOf({ key, actor, address, input }: Sent): Row {
  const person = actor.kind === 'user' ? `user ${actor.username}` : `address ${address}`
  return { key: hashOf(`${person} ${key}`), input: hashOf(JSON.stringify(input) ?? '') }
}

/** @returns whether this call is the first. @throws StoreError */
async function claim({ key, input }: Row): Promise<boolean> {
  const store = await theStore()
  const now = Math.floor(steadyNow())
  const { numInsertedOrUpdatedRows } = await store.write
    .insertInto('sent_once')
    .values({ key, input, sent_at: now, answer: null })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst()
  const isFirst = Number(numInsertedOrUpdatedRows ?? 0) > 0
  if (isFirst) await tidy(now)
  return isFirst
}

async function tidy(now: number): Promise<void> {
  const memory = processWide('sent-once-tidied', () => ({ at: 0 }))
  if (now - memory.at < KEPT / 10) return
  memory.at = now
  const store = await theStore()
  await store.write
    .deleteFrom('sent_once')
    .where('sent_at', '<', now - KEPT)
    .execute()
}

async function answerOf<T>(row: Row): Promise<Attempt<T>> {
  const store = await theStore()
  const until = performance.now() + PATIENCE
  while (true) {
    const found = await store.read
      .selectFrom('sent_once')
      .select(['input', 'answer'])
      .where('key', '=', row.key)
      .executeTakeFirst()
    if (found && found.input !== row.input) return { ok: false, problem: OTHER_INPUT }
    const text = found?.answer == null ? undefined : unseal(found.answer, secret(), PURPOSE)
    if (text !== undefined) return JSON.parse(text) as Attempt<T>
    if (!found || performance.now() > until) return { ok: false, problem: UNFINISHED }
    await sleep(LOOK_EVERY)
  }
}

/** The work is done: if its answer can't be stored, only repetitions go unanswered. @returns whether it is stored */
async function keep<T>({ key }: Row, answer: Attempt<T>): Promise<boolean> {
  const sealed = seal(JSON.stringify(answer), secret(), PURPOSE)
  const store = async () =>
    (await theStore()).write.updateTable('sent_once').set({ answer: sealed }).where('key', '=', key).execute()
  return (await orDown(store())) !== undefined
}

/** A call that was sent to this process. */
interface Here {
  readonly input: string
  /** Unless the database has it. */
  answer?: Promise<Attempt<unknown>>
}

function here(): Map<string, Here> {
  return processWide('sent-once', () => new Map<string, Here>())
}

/** Undefined for a call that this process doesn't know. */
function answerHere<T>({ key, input }: Row): Promise<Attempt<T>> | Attempt<T> | undefined {
  const known = here().get(key)
  if (!known) return undefined
  if (known.input !== input) return { ok: false, problem: OTHER_INPUT }
  return (known.answer as Promise<Attempt<T>> | undefined) ?? { ok: false, problem: UNFINISHED }
}

function secret(): string {
  return process.env.NEXTAUTH_SECRET ?? ''
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
