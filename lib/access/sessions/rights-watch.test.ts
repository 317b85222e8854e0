import { expect, test, vi } from 'vitest'
import { StoreError } from '../../store/store-error.ts'
import { AccessError } from '../access-error.ts'
import type { Actor } from '../actor.ts'
import { watchRights } from './rights-watch.ts'

const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'operator', grants: [], readOnly: false }

test('outlasts a database that can’t be reached, and ends with the rights', async () => {
  const again = vi
    .fn<() => Promise<Actor>>()
    .mockResolvedValueOnce(anna)
    .mockRejectedValueOnce(new StoreError('unreachable', 'the database is restarting'))
    .mockResolvedValueOnce(anna)
    .mockRejectedValue(new AccessError('token'))
  const { signal, end } = watchRights({ actor: anna, again }, 5)
  await expect.poll(() => signal.aborted).toBe(true)
  expect(again).toHaveBeenCalledTimes(4)
  end()
})
