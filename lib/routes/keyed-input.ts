/** An action's input with a key: the same key means the same wish, however often it is sent. */
interface KeyedInput {
  readonly $key: string
  readonly $input: unknown
}

export function keyedInput(key: string, input: unknown): KeyedInput {
  return { $key: key, $input: input }
}

/** The key is absent where the input was sent without one. */
export function readKeyedInput(sent: unknown): { readonly key?: string; readonly input: unknown } {
  if (!isKeyed(sent)) return { input: sent }
  return { key: sent.$key, input: sent.$input }
}

function isKeyed(sent: unknown): sent is KeyedInput {
  if (typeof sent !== 'object' || sent === null || !('$key' in sent)) return false
  const others = Object.keys(sent).filter((name) => name !== '$key' && name !== '$input')
  return others.length === 0 && typeof sent.$key === 'string' && /^[0-9a-f]{32}$/.test(sent.$key)
}
