'use client'

import { ArrowLeftRight } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { parseDiffSide } from '@/lib/routes/diff-side'
import { diffHref } from '@/lib/routes/href'
import { ReferenceInput } from './late-parts'

/** Both sides of a comparison, typed with suggestions. */
export function DiffPicker({ a: initialA, b: initialB }: { a: string; b: string }) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  const [a, setA] = useState(initialA)
  const [b, setB] = useState(initialB)
  const go = (left: string, right: string) => startTransition(() => router.push(diffHref(left.trim(), right.trim())))
  return (
    <form
      action=""
      method="get"
      className="mb-6 grid items-end gap-2 sm:grid-cols-[1fr_auto_1fr_auto]"
      onSubmit={(event) => {
        event.preventDefault()
        go(a, b)
      }}
    >
      <ReferenceInput name="a" label="Before" value={a} onChange={setA} near={nearOf(b)} />
      <Button
        variant="ghost"
        size="icon"
        aria-label="Swap sides"
        title="Swap sides"
        className="max-sm:justify-self-center"
        onClick={() => {
          setA(b)
          setB(a)
          if (a && b) go(b, a)
        }}
      >
        <ArrowLeftRight aria-hidden />
      </Button>
      <ReferenceInput name="b" label="After" value={b} onChange={setB} near={nearOf(a)} />
      <Button type="submit" variant="primary" disabled={!a.trim() || !b.trim() || pending}>
        {pending ? 'Comparing…' : 'Compare'}
      </Button>
    </form>
  )
}

/** The other side's tags are what a side is most often compared with. */
const nearOf = (text: string) => parseDiffSide(text.trim())
