import { expect, test } from 'vitest'
import { firstOfEach } from './palette-item.ts'

test('entries found later leave those that stand there already in their place', () => {
  const item = (key: string, label: string) => ({ key, label })
  const known = [item('mirror/app:1', '1'), item('hub/app:1', '1')]
  const later = [item('hub/app:1', 'app:1'), item('lab/app:1', 'app:1'), item('mirror/app:1', 'app:1')]
  expect(firstOfEach([...known, ...later])).toEqual([...known, item('lab/app:1', 'app:1')])
})
