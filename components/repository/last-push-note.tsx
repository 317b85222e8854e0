import { Time } from '@/components/ui/time'
import type { LastPush } from '@/lib/data/history/read-last-push'

interface LastPushNoteProps {
  registry: string
  push: LastPush
}

/** Which tag was pushed or moved last, and how that's known. */
export function LastPushNote({ registry, push: { tag, at, how } }: LastPushNoteProps) {
  return (
    <p className="min-w-0 text-xs text-muted">
      Last pushed: <span className="font-medium break-all text-ink">{tag}</span>
      {how === 'sync' ? ', noticed by sync ' : ', '}
      <Time iso={at} />
      {how === 'notification' && `, notified by ${registry}`}
      {how === 'change' && ', in Lading'}
    </p>
  )
}
