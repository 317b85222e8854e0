'use client'

import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'

/** A fault of the program: everything that can be expected is shown in its place instead. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className="space-y-4 py-6">
      <h1 className="text-xl font-semibold tracking-tight">Something went wrong in Lading</h1>
      <Notice tone="danger" title="This page could not be made">
        Nothing was changed. {error.digest && `The server’s log has the reason under ${error.digest}.`}
      </Notice>
      <Button onClick={reset}>Try again</Button>
    </div>
  )
}
