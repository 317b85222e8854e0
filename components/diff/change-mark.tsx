import { cn } from '@/components/ui/cn'

export type State = 'added' | 'removed' | 'changed' | 'same' | 'shared' | 'replaced'

const MARKS: Record<State, { readonly sign: string; readonly name: string; readonly className: string }> = {
  added: { sign: '+', name: 'added', className: 'bg-good-soft text-good' },
  removed: { sign: '−', name: 'removed', className: 'bg-danger-soft text-danger' },
  changed: { sign: '~', name: 'changed', className: 'bg-warn-soft text-warn' },
  replaced: { sign: '~', name: 'replaced', className: 'bg-warn-soft text-warn' },
  same: { sign: '=', name: 'same', className: 'text-faint' },
  shared: { sign: '=', name: 'shared', className: 'text-faint' },
}

/** A sign, a colour and a word: each is enough on its own. */
export function ChangeMark({ state }: { state: State }) {
  const { sign, name, className } = MARKS[state]
  return (
    <span
      title={name}
      className={cn('mono inline-grid size-5 place-items-center rounded text-xs font-semibold', className)}
    >
      <span aria-hidden>{sign}</span>
      <span className="sr-only">{name}</span>
    </span>
  )
}
