import { mutationOptions } from '@tanstack/react-query'
import type { Attempt } from '../problem/attempt.ts'
import { unwrap } from './unwrap.ts'

/** A server action as a mutation: what it returns as a problem is thrown. */
export function mutation<Input, Output>(action: (input: Input) => Promise<Attempt<Output>>) {
  return mutationOptions({ mutationFn: async (input: Input) => unwrap(await action(input)) })
}
