'use client'

import { Dialog, DialogBody } from '@/components/ui/dialog'
import { useIsMac } from '@/components/ui/is-mac'
import { Kbd } from '@/components/ui/kbd'

const SHORTCUTS: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [['mod K'], 'Go to a repository, a tag or a page'],
  [['/'], 'Filter the list of this page'],
  [['t'], 'Filter the tree of repositories'],
  [['↑', '↓'], 'Move in the tree'],
  [['←', '→'], 'Close and open a namespace'],
  [['c'], 'Copy the pull command of the focused row'],
  [['x'], 'Select the focused row'],
  [['Esc'], 'Clear a filter, close a dialog'],
  [['?'], 'This list'],
]

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const isMac = useIsMac()
  return (
    <Dialog open onClose={onClose} title="Keyboard shortcuts" width={440}>
      <DialogBody>
        <dl className="space-y-2.5 text-sm">
          {SHORTCUTS.map(([keys, meaning]) => (
            <div key={meaning} className="flex items-center justify-between gap-4">
              <dt>{meaning}</dt>
              <dd className="flex gap-1">
                {keys.map((key) => (
                  <Kbd key={key}>{key.replace('mod ', isMac ? '⌘' : 'Ctrl ')}</Kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </DialogBody>
    </Dialog>
  )
}
