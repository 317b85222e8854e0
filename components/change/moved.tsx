import { CircleCheck, Undo2 } from 'lucide-react'
import { Digest } from '@/components/ui/digest'
import { SafeText } from '@/components/ui/safe-text'
import { manifestHref } from '@/lib/routes/href'

interface MovedProps {
  registry: string
  repository: string
  tag: string
  from: string
  to: string
  undone: boolean
}

/** A tag that points elsewhere now, and at what it pointed before: nothing else remembers that. */
export function Moved({ registry, repository, tag, from, to, undone }: MovedProps) {
  const Icon = undone ? Undo2 : CircleCheck
  return (
    <div role="status" className="space-y-3 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <Icon aria-hidden className="size-5 shrink-0 text-good" />
        <SafeText text={undone ? `${tag} points at what it did before.` : `${tag} has moved.`} />
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
        <dt className="text-muted">Before</dt>
        <dd>
          <Digest digest={from} swatch href={manifestHref(registry, repository, from)} />
        </dd>
        <dt className="text-muted">{undone ? 'Then' : 'Now'}</dt>
        <dd>
          <Digest digest={to} swatch href={manifestHref(registry, repository, to)} />
        </dd>
      </dl>
      {!undone && (
        <p className="text-muted">
          Undo moves it back, as long as nobody has moved it again. It is offered only here: note the digest if you may
          want it later.
        </p>
      )}
    </div>
  )
}
