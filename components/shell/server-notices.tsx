import { Notice } from '@/components/ui/notice'
import type { ServerNotice } from '@/lib/data/server-notices'

/** Problems of the server itself, above every page. */
export function ServerNotices({ notices }: { notices: readonly ServerNotice[] }) {
  return notices.map(({ title, detail }) => (
    <Notice key={title} tone="warn" role="status" title={title} className="mb-4">
      {detail}
    </Notice>
  ))
}
