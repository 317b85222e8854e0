import { mutationOptions } from '@tanstack/react-query'
import type { Attempt } from '../problem/attempt.ts'
import { keyedInput } from '../routes/keyed-input.ts'
import { unwrap } from './unwrap.ts'
import { wishKey } from './wish-keys.ts'

/** A server action as a mutation: what it returns as a problem is thrown, and a double click is one call. */
export function mutation<Input, Output>(action: (input: Input) => Promise<Attempt<Output>>) {
  return mutationOptions({
    mutationFn: async (input: Input) => {
      const { key, answered } = wishKey(action, input)
      // `act` takes the key off again.
      const answer = await action(keyedInput(key, input) as Input)
      answered()
      return unwrap(answer)
    },
  })
}
