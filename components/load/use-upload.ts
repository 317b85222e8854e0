'use client'

import { useEffect, useRef, useState } from 'react'
import type { LoadOutcome } from '@/lib/data/archives/load-archive'
import { UPLOAD_INTERRUPTED } from '@/lib/problem/connection-problem'
import type { Problem } from '@/lib/problem/problem'
import { problemFrom } from '@/lib/query/unwrap'
import { loadHref } from '@/lib/routes/href'

export type Upload =
  | { readonly state: 'idle' }
  | { readonly state: 'sending'; readonly sent: number; readonly total: number }
  | ({ readonly state: 'loaded' } & LoadOutcome)
  | { readonly state: 'failed'; readonly problem: Problem }

/** Sends a file as it is on disk. XMLHttpRequest, because only it reports how much has been sent. */
export function useUpload(registry: string, repository: string | undefined) {
  const [upload, setUpload] = useState<Upload>({ state: 'idle' })
  const request = useRef<XMLHttpRequest>(undefined)
  const abort = () => request.current?.abort()
  useEffect(() => () => request.current?.abort(), [])
  const start = (file: File, overwrite: boolean, tags: readonly (readonly [string, string])[]) => {
    const sending = new XMLHttpRequest()
    request.current = sending
    setUpload({ state: 'sending', sent: 0, total: file.size })
    sending.upload.onprogress = ({ loaded }) => setUpload({ state: 'sending', sent: loaded, total: file.size })
    sending.onload = () => setUpload(outcomeOf(sending))
    sending.onerror = () => setUpload({ state: 'failed', problem: UPLOAD_INTERRUPTED })
    sending.onabort = () => setUpload({ state: 'idle' })
    sending.open('PUT', loadHref(registry, repository, overwrite, tags))
    sending.setRequestHeader('content-type', 'application/octet-stream')
    sending.responseType = 'json'
    sending.send(file)
  }
  return { upload, start, abort }
}

function outcomeOf({ status, response }: XMLHttpRequest): Upload {
  if (status === 200) return { ...response, state: 'loaded' }
  return { state: 'failed', problem: response?.title ? response : problemFrom(new Error(`status ${status}`)) }
}
