/** Milliseconds after which the same request counts as a new one. */
const HOLDS = 120_000

interface Wish {
  readonly key: string
  readonly at: number
}

/** By action and input: calls without a response yet. */
const open = new WeakMap<object, Map<string, Wish>>()

/**
 * The key of a wish: the same for a second click while the first call runs, and for another try after an answer that
 * got lost. Once there is an answer, the same call is a new wish.
 */
export function wishKey(action: object, input: unknown): { readonly key: string; readonly answered: () => void } {
  const name = JSON.stringify(input) ?? ''
  const wishes = open.get(action) ?? new Map<string, Wish>()
  open.set(action, wishes)
  const known = wishes.get(name)
  const now = performance.now()
  const wish = known && now - known.at < HOLDS ? known : { key: newKey(), at: now }
  wishes.set(name, wish)
  return {
    key: wish.key,
    answered: () => {
      if (wishes.get(name) === wish) wishes.delete(name)
    },
  }
}

/** Not `randomUUID`, which browsers have only on secure pages. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
