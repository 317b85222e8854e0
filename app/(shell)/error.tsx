'use client'

import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'

/** For bugs: expected failures are shown in place instead. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className="space-y-4 py-6">
      <h1 className="text-xl font-semibold tracking-tight">Something went wrong in Lading</h1>
      <Notice tone="danger" title="This page couldn’t be loaded">
        Nothing was changed. {error.digest && `The server’s log has the details under ${error.digest}.`}
      </Notice>
      <Button onClick={reset}>Try again</Button>
    </div>
  )
}
